"""Studies' processes and who owns them: the server, not a page. Knows processes; not what is measured or shown.

start(study, resume=None) -> id; find(id) -> StudyJob | None (id, study, points so far, live, message, stop(), wait(), close());
live_jobs(); close_all().
"""

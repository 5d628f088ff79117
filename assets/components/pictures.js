// Any number of picture files, shrunk here and sent in batches: five thousand photographs would otherwise be gigabytes.
// The next batch waits until Python has taken the one before. What the browser cannot decode is sent as it is.

const PICTURES = new WeakMap();
const LONGEST = 256;  // pixels of the longer side of what is sent
const BATCH = 50;
const LARGEST = 20 * 2 ** 20;  // bytes of a file that is sent as it is
const PATIENCE_MS = 60_000;

export default function ({ parentElement, data, setTriggerValue }) {
  let pictures = PICTURES.get(parentElement);
  if (!pictures) {
    pictures = createPictures(parentElement);
    PICTURES.set(parentElement, pictures);
  }
  pictures.send = (batch) => setTriggerValue("batch", batch);
  pictures.receive(data);
}

function createPictures(root) {
  const [drop, input, bar] = [".drop", "input", "progress"].map((name) => root.querySelector(name));
  const [words, count, progress] = [".words", ".count", ".progress"].map((name) => root.querySelector(name));
  const pictures = { queue: [], total: 0, drops: 0, busy: false, data: {}, heard: () => {} };

  async function shrunk(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";  // what shows through is white, as on paper
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const [kind, quality] = scale < 1 ? ["image/jpeg", 0.92] : ["image/png"];  // a small one stays as it is
    return canvas.toDataURL(kind, quality).split(",")[1];
  }

  async function whole(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  }

  async function batch(target, drop) {
    const files = [];
    while (pictures.queue.length && files.length < BATCH) {
      const file = pictures.queue.shift();
      let image = null;
      let raw = false;
      try {
        image = await shrunk(file);
      } catch {
        raw = true;
        if (file.size <= LARGEST) image = await whole(file).catch(() => null);
      }
      files.push({ name: file.name.slice(0, 200), image });
      if (raw && image?.length > 1e6) break;  // large ones go alone
    }
    return { drop, number: ++pictures.sent, target, chosen: pictures.total, files };
  }

  function acknowledged(number) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      pictures.heard = () => {
        if ((pictures.data.taken ?? 0) < number) return;
        clearTimeout(timer);
        resolve();
      };
      pictures.heard();
    });
  }

  async function run(target) {
    const drop = ++pictures.drops;
    pictures.busy = true;
    pictures.sent = pictures.data.taken ?? 0;
    while (pictures.queue.length) {
      show();
      const next = await batch(target, `${pictures.since}-${drop}`);
      pictures.send(next);
      await acknowledged(next.number);
      if (pictures.data.full === `${pictures.since}-${drop}`) pictures.queue = [];
    }
    pictures.busy = false;
    show();
  }

  function show() {
    progress.hidden = !pictures.busy;
    const done = pictures.total - pictures.queue.length;
    bar.value = pictures.total ? done / pictures.total : 0;
    count.textContent = `${done.toLocaleString("en")} of ${pictures.total.toLocaleString("en")}`;
    input.disabled = pictures.busy;
  }

  function take(files) {
    if (pictures.busy || !files.length) return;
    pictures.queue = [...files];
    pictures.total = files.length;
    input.value = "";
    run(pictures.data.target);
  }

  pictures.since = Date.now();
  input.addEventListener("change", () => take(input.files));
  root.querySelector(".stop").addEventListener("click", () => {
    pictures.queue = [];
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files);
    });
  }

  pictures.receive = (data) => {
    pictures.data = data;
    words.textContent = data.label;
    input.setAttribute("aria-label", data.label);
    pictures.heard();
  };
  return pictures;
}

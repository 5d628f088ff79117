"""C13 and B5: a convolution as a matrix product, by its columns and as one matrix. Knows numbers and words."""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures.boards import with_columns, with_matrix
from explorer.layers.convolution import Walkthrough
from explorer.layers.grids import small_numbers
from explorer.layers.matrix import columns_difference, convolution_matrix, im2col, matrix_difference
from explorer.predictions import Number
from explorer.settings.written import as_plain
from explorer.ui.shows import steps
from explorer.ui.stand import Stand
from explorer.ui.volumes.layer import Layer, board, exhibit, formulas, walk
from explorer.words import counted, noun, written

MOST_ENTRIES = 40_000  # of a matrix that is drawn


def _show_columns(walk: Walkthrough, stand: Stand) -> None:
    steps(stand, with_columns(board(walk), walk))
    if stand.revealed:
        columns = im2col(walk)
        (maps, depth), (_, count) = columns.weights.shape, columns.columns.shape
        st.markdown(
            f"{maps}×{depth} times {depth}×{count} gives {maps}×{count}: row = kernel, column = window. "
            f"Largest difference from the feature maps (before the bias): **{written(columns_difference(walk), 1)}**."
        )
    st.markdown(formulas(walk))


def _walk_matrix(settings: Layer) -> Walkthrough:
    made = walk(settings)
    rows, cols = made.sums.size, made.image.size
    if rows * cols > MOST_ENTRIES:
        raise ExplorerError(
            f"The matrix would be {rows:,}×{cols:,}: choose sizes with at most {MOST_ENTRIES:,} entries."
        )
    return made


def _show_matrix(walk: Walkthrough, stand: Stand) -> None:
    steps(stand, with_matrix(board(walk), walk))
    dense = convolution_matrix(walk)
    rows, cols = dense.matrix.shape
    st.markdown(
        f"A {rows}×{cols} matrix: {counted(dense.matrix.size, 'entry')}, {dense.filled:,} inside a window, "
        f"**{dense.distinct:,}** {noun(dense.distinct, 'distinct value')} other than 0. "
        f"Matrix × flattened input against the feature map, largest difference: **{written(matrix_difference(walk), 1)}**."
    )
    st.markdown(formulas(walk))


UNROLLED = Layer(
    as_plain(small_numbers((3, 5, 5), seed=4, low=0, high=3)), as_plain(small_numbers((4, 3, 3, 3), seed=1))
)
WIDER = replace(UNROLLED, input=as_plain(small_numbers((3, 8, 8), seed=4, low=0, high=3)))
FOUR = Layer(as_plain(small_numbers((1, 4, 4), seed=3, low=0, high=5)), ((((1.0, 2.0), (3.0, 4.0)),),))
EXHIBITS = (
    exhibit(
        "C13",
        "im2col",
        "Four kernels of 3×3×3 slide over 3×5×5. Written as one matrix product, what sizes do the two matrices have?",
        "4×27 times 27×9: every kernel is a row, every window a column, 27 = 3·3·3 numbers each, 9 = 3·3 windows. Point at "
        "any cell of any grid: its window, column and result are outlined together. An 8×8 input makes 36 columns.",
        UNROLLED,
        variants={"5×5 input": UNROLLED, "8×8 input": WIDER},
        show=_show_columns,
        hidden=("row = kernel, column = window",),
        order=1,
        predicted=Number("columns", lambda walk: walk.output[0].size),
    ),
    exhibit(
        "B5",
        "As one matrix",
        "Flatten the 4×4 input to 16 numbers and the 3×3 output to 9. Which matrix turns one into the other, and how many "
        "different numbers other than 0 does it hold?",
        "A 9×16 matrix, 144 entries: 36 lie inside a window, and they are the same 4 weights in every row. A fully "
        "connected layer would learn all 144.",
        FOUR,
        make=_walk_matrix,
        show=_show_matrix,
        order=2,
        predicted=Number("numbers", lambda walk: walk.kernel.size),
    ),
)

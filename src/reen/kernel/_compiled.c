/* The loops of the engine, compiled: what `reen.kernel` uses in place of numpy where it loads.
 *
 * Each function does, row by row and in the order of the rows, the very operations that the numpy
 * path does, so that results are equal to the last bit: no contraction of a product and a sum, no
 * reassociation, no fast mathematics.  Every index is checked against the length of the array that
 * it reads or writes, on the value that is used and not before: whatever an array holds, nothing
 * outside of one is touched.  The interpreter's lock is released while rows are worked on.
 *
 * Limited API of Python 3.11: one binary serves every later version.
 */

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "fast mathematics changes results: compile without it"
#endif
#if FLT_EVAL_METHOD != 0
#error "sums must be rounded to double at each step, as numpy rounds them"
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

/* Rows that are worked on together: what is kept of them stays in the processor's first cache. */
#define BLOCK 1024

/* ---- arrays that Python lends --------------------------------------------------------------- */

typedef struct {
    Py_buffer *views;
    Py_ssize_t used, room;
} Lent;

typedef struct {
    const void *data;
    Py_ssize_t length;
    char kind; /* i: signed, u: unsigned or bool, f: float */
    Py_ssize_t size;
} Array;

static const double NOTHING = 0.0;

static int lent_open(Lent *lent, Py_ssize_t room) {
    lent->used = 0;
    lent->room = room;
    lent->views = calloc(room > 0 ? (size_t)room : 1, sizeof(Py_buffer));
    if (lent->views == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void lent_close(Lent *lent) {
    for (Py_ssize_t k = 0; k < lent->used; k++) PyBuffer_Release(&lent->views[k]);
    free(lent->views);
    lent->views = NULL;
}

static char kind_of(const char *format) {
    if (format == NULL) return 'u';
    if (*format == '@') format++;
    if (format[0] == '\0' || format[1] != '\0') return 0;
    if (strchr("bhilq", *format) != NULL) return 'i';
    if (strchr("BHILQ?", *format) != NULL) return 'u';
    return *format == 'd' ? 'f' : 0;
}

/* Lend an array of one dimension, contiguous and aligned. */
static int lend(Lent *lent, PyObject *object, const char *name, int writable, Array *array) {
    if (lent->used >= lent->room) {
        PyErr_SetString(PyExc_SystemError, "more arrays than were announced");
        return -1;
    }
    Py_buffer *view = &lent->views[lent->used];
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(object, view, flags) < 0) return -1;
    lent->used++;
    array->kind = kind_of(view->format);
    array->size = view->itemsize;
    if (array->kind == 0 || view->ndim != 1 || view->itemsize < 1 || view->itemsize > 8) {
        PyErr_Format(PyExc_TypeError, "%s: expected one dimension of numbers", name);
        return -1;
    }
    array->length = view->len / view->itemsize;
    array->data = view->buf;
    if (array->length == 0 || array->data == NULL) {
        array->length = 0;
        array->data = &NOTHING;
    } else if ((uintptr_t)view->buf % (uintptr_t)view->itemsize != 0) {
        PyErr_Format(PyExc_BufferError, "%s: expected an aligned array", name);
        return -1;
    }
    return 0;
}

/* Lend an array of one type, of `rows` elements or (rows < 0) of any length. */
static int lend_as(Lent *lent, PyObject *object, const char *name, int writable, char kind,
                   Py_ssize_t size, Py_ssize_t rows, Array *array) {
    if (lend(lent, object, name, writable, array) < 0) return -1;
    if (array->kind != kind || array->size != size) {
        PyErr_Format(PyExc_TypeError, "%s: expected %s of %zd bytes", name,
                     kind == 'f' ? "floats" : kind == 'i' ? "signed integers" : "unsigned integers",
                     size);
        return -1;
    }
    if (rows >= 0 && array->length != rows) {
        PyErr_Format(PyExc_ValueError, "%s: %zd elements for %zd rows", name, array->length, rows);
        return -1;
    }
    return 0;
}

static PyObject *outside(const char *what) {
    PyErr_Format(PyExc_IndexError, "%s: a number outside of its table", what);
    return NULL;
}

/* ---- words, cases and keys ------------------------------------------------------------------ */

/* Add codes of whatever width, times a weight, to keys.
 *
 * Keys are 32 bits: they are places in a table, and what would overflow is a code that the table
 * has no room for; it is looked up nowhere outside. */
static void add_codes(const Array *codes, Py_ssize_t from, int n, uint32_t weight, uint32_t *key) {
#define ADD(type)                                                            \
    {                                                                        \
        const type *p = (const type *)codes->data + from;                    \
        for (int i = 0; i < n; i++) key[i] += (uint32_t)p[i] * weight;       \
        return;                                                              \
    }
    if (codes->kind == 'i') {
        switch (codes->size) {
            case 1: ADD(int8_t)
            case 2: ADD(int16_t)
            case 4: ADD(int32_t)
            default: ADD(int64_t)
        }
    }
    switch (codes->size) {
        case 1: ADD(uint8_t)
        case 2: ADD(uint16_t)
        case 4: ADD(uint32_t)
        default: ADD(uint64_t)
    }
#undef ADD
}

/* take(table, codes, out): out[i] = table[codes[i]], code -1 being the last entry. */
static PyObject *kernel_take(PyObject *self, PyObject *args) {
    PyObject *given[3];
    Lent lent;
    Array table, codes, out;
    int64_t bad = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOO", &given[0], &given[1], &given[2])) return NULL;
    if (lent_open(&lent, 3) < 0) return NULL;
    if (lend(&lent, given[0], "table", 0, &table) < 0 ||
        lend_as(&lent, given[1], "codes", 0, 'i', 4, -1, &codes) < 0 ||
        lend_as(&lent, given[2], "out", 1, table.kind, table.size, codes.length, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int32_t *code = codes.data;
    const uint64_t size = (uint64_t)table.length;
#define TAKE(type)                                                   \
    {                                                                \
        const type *from = table.data;                               \
        type *to = (type *)out.data;                                 \
        for (Py_ssize_t i = 0; i < codes.length; i++) {              \
            int64_t k = code[i];                                     \
            k = k == -1 ? (int64_t)size - 1 : k;                     \
            if ((uint64_t)k < size) to[i] = from[k];                 \
            else bad++;                                              \
        }                                                            \
        break;                                                       \
    }
    switch (table.size) {
        case 1: TAKE(uint8_t)
        case 2: TAKE(uint16_t)
        case 4: TAKE(uint32_t)
        case 8: TAKE(uint64_t)
        default: bad = 1;
    }
#undef TAKE
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("codes");
    Py_RETURN_NONE;
}

/* mark(codes, out): out[codes[i]] = 1. */
static PyObject *kernel_mark(PyObject *self, PyObject *args) {
    PyObject *given[2];
    Lent lent;
    Array codes, out;
    int64_t bad = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OO", &given[0], &given[1])) return NULL;
    if (lent_open(&lent, 2) < 0) return NULL;
    if (lend_as(&lent, given[0], "codes", 0, 'i', 4, -1, &codes) < 0 ||
        lend_as(&lent, given[1], "out", 1, 'u', 1, -1, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int32_t *code = codes.data;
    uint8_t *to = (uint8_t *)out.data;
    for (Py_ssize_t i = 0; i < codes.length; i++) {
        int64_t k = code[i];
        if (k >= 0 && k < out.length) to[k] = 1;
        else bad++;
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("codes");
    Py_RETURN_NONE;
}

/* Parts of a key: codes, each times a weight. */
typedef struct {
    Array codes;
    int64_t weight;
} Part;

/* stage(parts, places, radix, constant, table, cases, onwards) -> (unseen, waiting)
 *
 * key = constant + place * radix + sum of codes * weights; to = table[key].  Where `to` is a case
 * (below -1) it is written into `cases`, and the row is done (place 0); else `to` is its place, -1
 * where the key was never seen. */
static PyObject *kernel_stage(PyObject *self, PyObject *args) {
    PyObject *given, *places_given, *table_given, *cases_given, *onwards_given;
    long long radix, constant;
    Lent lent;
    Array places, table, cases, onwards;
    Part *parts = NULL;
    PyObject *result = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!OLLOOO", &PyTuple_Type, &given, &places_given, &radix, &constant,
                          &table_given, &cases_given, &onwards_given))
        return NULL;
    Py_ssize_t count = PyTuple_Size(given);
    if (lent_open(&lent, count + 4) < 0) return NULL;
    parts = calloc(count > 0 ? (size_t)count : 1, sizeof(Part));
    if (parts == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_as(&lent, cases_given, "cases", 1, 'i', 4, -1, &cases) < 0) goto done;
    Py_ssize_t rows = cases.length;
    if (lend_as(&lent, onwards_given, "onwards", 1, 'i', 4, rows, &onwards) < 0 ||
        lend_as(&lent, table_given, "table", 0, 'i', 4, -1, &table) < 0)
        goto done;
    int everywhere = places_given == Py_None;
    if (!everywhere && lend_as(&lent, places_given, "places", 0, 'i', 4, rows, &places) < 0)
        goto done;
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *codes;
        long long weight;
        if (!PyArg_ParseTuple(PyTuple_GetItem(given, k), "OL", &codes, &weight)) goto done;
        if (lend(&lent, codes, "part", 0, &parts[k].codes) < 0) goto done;
        if (parts[k].codes.length != rows || parts[k].codes.kind == 'f') {
            PyErr_SetString(PyExc_ValueError, "part: expected one whole number a row");
            goto done;
        }
        parts[k].weight = weight;
    }
    int64_t unseen = 0, waiting = 0, bad = 0;
    Py_BEGIN_ALLOW_THREADS
    const uint64_t size = (uint64_t)table.length;
    const int32_t *to_of = table.data;
    for (Py_ssize_t b = 0; b < rows; b += BLOCK) {
        int n = (int)(rows - b < BLOCK ? rows - b : BLOCK);
        uint32_t key[BLOCK];
        if (everywhere) {
            for (int i = 0; i < n; i++) key[i] = (uint32_t)constant;
        } else {
            const int32_t *place = (const int32_t *)places.data + b;
            for (int i = 0; i < n; i++)
                key[i] = (uint32_t)constant + (uint32_t)place[i] * (uint32_t)radix;
        }
        for (Py_ssize_t k = 0; k < count; k++)
            add_codes(&parts[k].codes, b, n, (uint32_t)parts[k].weight, key);
        int32_t *of_row = (int32_t *)cases.data + b, *on = (int32_t *)onwards.data + b;
        for (int i = 0; i < n; i++) {
            if (key[i] >= size) {
                bad++;
                continue;
            }
            int32_t to = to_of[key[i]];
            unseen += to == -1;
            of_row[i] = to < -1 ? -2 - to : of_row[i];
            on[i] = to < -1 ? 0 : to;
            waiting += to > 0;
        }
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("keys");
        goto done;
    }
    result = Py_BuildValue("LL", (long long)unseen, (long long)waiting);
done:
    free(parts);
    lent_close(&lent);
    return result;
}

/* ---- sums ----------------------------------------------------------------------------------- */

/* Rows of a table of sums: one for all, or one for each row. */
static int lend_rows(Lent *lent, PyObject *object, Py_ssize_t count, Array *rows, int64_t *one) {
    if (PyLong_Check(object)) {
        *one = PyLong_AsLongLong(object);
        rows->data = NULL;
        return PyErr_Occurred() ? -1 : 0;
    }
    *one = 0;
    return lend_as(lent, object, "rows", 0, 'i', 8, count, rows);
}

/* add(table, width, values_per_cell, rows, columns, values):
 * table[rows[i] * width + columns[i]] += values[i]; with two values a cell, the second counts. */
static PyObject *kernel_add(PyObject *self, PyObject *args) {
    PyObject *table_given, *rows_given, *columns_given, *values_given;
    long long width;
    int per_cell;
    Lent lent;
    Array table, rows, columns, values;
    int64_t one, bad = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OLiOOO", &table_given, &width, &per_cell, &rows_given,
                          &columns_given, &values_given))
        return NULL;
    if (per_cell != 1 && per_cell != 2) {
        PyErr_SetString(PyExc_ValueError, "values_per_cell: expected 1 or 2");
        return NULL;
    }
    if (lent_open(&lent, 4) < 0) return NULL;
    if (lend_as(&lent, values_given, "values", 0, 'f', 8, -1, &values) < 0 ||
        lend_as(&lent, columns_given, "columns", 0, 'i', 8, values.length, &columns) < 0 ||
        lend_rows(&lent, rows_given, values.length, &rows, &one) < 0 ||
        lend_as(&lent, table_given, "table", 1, 'f', 8, -1, &table) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    double *sum = (double *)table.data;
    const uint64_t cells = (uint64_t)table.length / (uint64_t)per_cell;
    const int64_t *row = rows.data, *column = columns.data;
    const double *value = values.data;
    if (per_cell == 1) {
        for (Py_ssize_t i = 0; i < values.length; i++) {
            uint64_t r = (uint64_t)(row == NULL ? one : row[i]);
            uint64_t at = r * (uint64_t)width + (uint64_t)column[i];
            if (at < cells) sum[at] += value[i];
            else bad++;
        }
    } else {
        for (Py_ssize_t i = 0; i < values.length; i++) {
            uint64_t r = (uint64_t)(row == NULL ? one : row[i]);
            uint64_t at = r * (uint64_t)width + (uint64_t)column[i];
            if (at < cells) {
                sum[2 * at] += value[i];
                sum[2 * at + 1] += 1.0;
            } else {
                bad++;
            }
        }
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("cells");
    Py_RETURN_NONE;
}

/* ---- the fold: cases, amounts and sums of a batch, in two passes over its rows -------------- */

/* Rows whose keys, amounts and places are worked out before any is added. */
#define FEW 512

/* A number by key, a key being a sum of codes, each times a weight. */
typedef struct {
    Part *parts;
    Py_ssize_t count;
    uint32_t shift;
    const int64_t *of_key;
    uint64_t known;
} Keyed;

/* Lend what makes keys, and the table that they are looked up in. */
static int lend_keyed(Lent *lent, PyObject *parts, long long shift, PyObject *table,
                      Py_ssize_t rows, Keyed *keyed) {
    Array found;
    if (!PyTuple_Check(parts)) {
        PyErr_SetString(PyExc_TypeError, "parts: expected a tuple");
        return -1;
    }
    if (lend_as(lent, table, "table", 0, 'i', 8, -1, &found) < 0) return -1;
    keyed->of_key = found.data;
    keyed->known = (uint64_t)found.length;
    keyed->shift = (uint32_t)shift;
    keyed->count = PyTuple_Size(parts);
    keyed->parts = calloc(keyed->count > 0 ? (size_t)keyed->count : 1, sizeof(Part));
    if (keyed->parts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t k = 0; k < keyed->count; k++) {
        PyObject *codes;
        long long weight;
        if (!PyArg_ParseTuple(PyTuple_GetItem(parts, k), "OL", &codes, &weight)) return -1;
        if (lend(lent, codes, "part", 0, &keyed->parts[k].codes) < 0) return -1;
        if (keyed->parts[k].codes.length != rows || keyed->parts[k].codes.kind == 'f') {
            PyErr_SetString(PyExc_ValueError, "part: expected one whole number a row");
            return -1;
        }
        keyed->parts[k].weight = weight;
    }
    return 0;
}

/* Work out the keys of some rows; return how many no table has. */
static int64_t keys_of(const Keyed *keyed, Py_ssize_t from, int n, uint32_t *key) {
    int64_t bad = 0;
    for (int i = 0; i < n; i++) key[i] = keyed->shift;
    for (Py_ssize_t k = 0; k < keyed->count; k++)
        add_codes(&keyed->parts[k].codes, from, n, (uint32_t)keyed->parts[k].weight, key);
    for (int i = 0; i < n; i++) bad += key[i] >= keyed->known;
    return bad;
}

/* Numbers by code, code -1 being the last entry; of all rows, or none at all. */
typedef struct {
    const int32_t *code;
    const int64_t *number;
    uint64_t known;
    int64_t one;
} Numbers;

/* Lend numbers: one for all rows, one for each, or a table of them and a code for each row. */
static int lend_numbers(Lent *lent, PyObject *given, Py_ssize_t rows, Numbers *numbers) {
    Array codes, table;
    numbers->code = NULL;
    numbers->number = NULL;
    numbers->known = 0;
    numbers->one = 0;
    if (PyLong_Check(given)) {
        numbers->one = PyLong_AsLongLong(given);
        return PyErr_Occurred() ? -1 : 0;
    }
    if (!PyTuple_Check(given)) {
        if (lend_as(lent, given, "numbers", 0, 'i', 8, rows, &table) < 0) return -1;
        numbers->number = table.data;
        return 0;
    }
    PyObject *codes_given, *table_given;
    if (!PyArg_ParseTuple(given, "OO", &codes_given, &table_given)) return -1;
    if (lend_as(lent, codes_given, "codes", 0, 'i', 4, rows, &codes) < 0 ||
        lend_as(lent, table_given, "numbers", 0, 'i', 8, -1, &table) < 0)
        return -1;
    numbers->code = codes.data;
    numbers->number = table.data;
    numbers->known = (uint64_t)table.length;
    return 0;
}

/* Write the numbers of some rows; return how many codes no table has. */
static int64_t numbers_of(const Numbers *numbers, Py_ssize_t from, int n, uint64_t *to) {
    int64_t bad = 0;
    if (numbers->number == NULL) {
        for (int i = 0; i < n; i++) to[i] = (uint64_t)numbers->one;
    } else if (numbers->code == NULL) {
        for (int i = 0; i < n; i++) to[i] = (uint64_t)numbers->number[from + i];
    } else {
        const int32_t *code = numbers->code + from;
        const uint64_t known = numbers->known;
        for (int i = 0; i < n; i++) {
            uint64_t at = code[i] == -1 ? known - 1 : (uint64_t)(int64_t)code[i];
            if (at < known) to[i] = (uint64_t)numbers->number[at];
            else to[i] = 0, bad++;
        }
    }
    return bad;
}

/* classed(kinds, table, types, width, joint, cells, counts) -> unseen
 *
 * joint[i] = table[sum of the weights of the keys of row i]; cells[i] = type * width + joint[i],
 * counted.  A kind is (parts, shift, weight by key).  A weight or an entry of the table below 0 was
 * never seen: the rows of the block are numbered to its end, and those that follow are not. */
static PyObject *kernel_classed(PyObject *self, PyObject *args) {
    PyObject *kinds_given, *table_given, *types_given, *joint_given, *cells_given, *counts_given;
    PyObject *result = NULL;
    long long width;
    Lent lent;
    Array table, joint, cells, counts;
    Numbers types;
    Keyed *kinds = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!OOLOOO", &PyTuple_Type, &kinds_given, &table_given, &types_given,
                          &width, &joint_given, &cells_given, &counts_given))
        return NULL;
    Py_ssize_t count = PyTuple_Size(kinds_given), room = 6;
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *each = PyTuple_GetItem(kinds_given, k);
        if (!PyTuple_Check(each) || PyTuple_Size(each) != 3 ||
            !PyTuple_Check(PyTuple_GetItem(each, 0))) {
            PyErr_SetString(PyExc_TypeError, "kinds: expected (parts, shift, weights)");
            return NULL;
        }
        room += 1 + PyTuple_Size(PyTuple_GetItem(each, 0));
    }
    if (lent_open(&lent, room) < 0) return NULL;
    kinds = calloc(count > 0 ? (size_t)count : 1, sizeof(Keyed));
    if (kinds == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_as(&lent, joint_given, "joint", 1, 'i', 4, -1, &joint) < 0) goto done;
    Py_ssize_t rows = joint.length;
    if (lend_as(&lent, cells_given, "cells", 1, 'i', 4, rows, &cells) < 0 ||
        lend_as(&lent, table_given, "table", 0, 'i', 8, -1, &table) < 0 ||
        lend_as(&lent, counts_given, "counts", 1, 'i', 8, -1, &counts) < 0 ||
        lend_numbers(&lent, types_given, rows, &types) < 0)
        goto done;
    if (counts.length > INT32_MAX || table.length > INT32_MAX) {
        outside("counts");
        goto done;
    }
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *each = PyTuple_GetItem(kinds_given, k);
        long long shift = PyLong_AsLongLong(PyTuple_GetItem(each, 1));
        if (PyErr_Occurred()) goto done;
        if (lend_keyed(&lent, PyTuple_GetItem(each, 0), shift, PyTuple_GetItem(each, 2), rows,
                       &kinds[k]) < 0)
            goto done;
    }
    int64_t unseen = 0, bad = 0;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *number = table.data;
    const uint64_t size = (uint64_t)table.length, most = (uint64_t)counts.length;
    int64_t *counted = (int64_t *)counts.data;
    for (Py_ssize_t b = 0; b < rows && !unseen && !bad; b += FEW) {
        int n = (int)(rows - b < FEW ? rows - b : FEW);
        int32_t *to = (int32_t *)joint.data + b, *cell = (int32_t *)cells.data + b;
        uint64_t at[FEW], type[FEW];
        uint32_t key[FEW];
        int64_t lost[FEW];
        memset(at, 0, sizeof at);
        memset(lost, 0, sizeof lost);
        for (Py_ssize_t k = 0; k < count; k++) {
            const int64_t *weight = kinds[k].of_key;
            bad += keys_of(&kinds[k], b, n, key);
            if (bad) break;
            for (int i = 0; i < n; i++) {
                int64_t w = weight[key[i]];
                at[i] += (uint64_t)w;
                lost[i] |= w; /* its sign stays */
            }
        }
        if (bad) break;
        bad += numbers_of(&types, b, n, type);
        for (int i = 0; i < n; i++) {
            if (lost[i] < 0) {
                unseen++;
                to[i] = -1;
                continue;
            }
            if (at[i] >= size) {
                bad++;
                continue;
            }
            int64_t found = number[at[i]];
            uint64_t place = type[i] * (uint64_t)width + (uint64_t)found;
            to[i] = (int32_t)found;
            if (found < 0) {
                unseen++;
            } else if (place < most) {
                cell[i] = (int32_t)place;
                counted[place]++;
            } else {
                bad++;
            }
        }
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("classes");
        goto done;
    }
    result = PyLong_FromLongLong((long long)unseen);
done:
    for (Py_ssize_t k = 0; kinds != NULL && k < count; k++) free(kinds[k].parts);
    free(kinds);
    lent_close(&lent);
    return result;
}

/* Where sums go: a table of so many cells in a row of it, or (width 0) keys that are summed later. */
typedef struct {
    double *table;
    int64_t *key;
    uint64_t cells, width;
} Sums;

static int lend_sums(Lent *lent, PyObject *given, long long width, Py_ssize_t rows,
                     Py_ssize_t per_cell, Sums *sums) {
    Array found;
    sums->table = NULL;
    sums->key = NULL;
    sums->width = (uint64_t)width;
    if (width == 0) {
        if (lend_as(lent, given, "keys", 1, 'i', 8, rows, &found) < 0) return -1;
        sums->key = (int64_t *)found.data;
        return 0;
    }
    if (lend_as(lent, given, "sums", 1, 'f', 8, -1, &found) < 0) return -1;
    sums->table = (double *)found.data;
    sums->cells = (uint64_t)(found.length / per_cell);
    if (width < 0 || sums->cells > UINT32_MAX) {
        outside("sums");
        return -1;
    }
    return 0;
}

/* Work out where some rows add; return how many cells there are not. */
static int64_t places_of(const Sums *sums, const uint64_t *row, const int64_t *column,
                         Py_ssize_t from, int n, uint32_t *at) {
    int64_t bad = 0;
    if (sums->table == NULL) {
        for (int i = 0; i < n; i++) {
            bad += column[i] < 0;
            sums->key[from + i] = (int64_t)((row[i] << 32) + (uint64_t)column[i]);
        }
        return bad;
    }
    const uint64_t width = sums->width, cells = sums->cells;
    for (int i = 0; i < n; i++) {
        uint64_t place = row[i] * width + (uint64_t)column[i];
        bad += ((uint64_t)column[i] >= width) | (place >= cells);
        at[i] = (uint32_t)place;
    }
    return bad;
}

/* One factor of the amounts: a column, or for each case its constant or one of some columns. */
typedef struct {
    const double *column;   /* the value of each row, where no case has a constant */
    const double **from;    /* by case: where its values are */
    uint64_t *step;         /* all bits where each row has its value, none where the case has one */
} Factor;

/* What a kind of flow adds. */
typedef struct {
    Keyed keyed;
    Factor *factors;
    Py_ssize_t count;
    Sums sums;
    double *amount; /* of each row, where they are summed later */
} Adding;

static void adding_close(Adding *adding, Py_ssize_t count) {
    for (Py_ssize_t k = 0; adding != NULL && k < count; k++) {
        for (Py_ssize_t f = 0; adding[k].factors != NULL && f < adding[k].count; f++) {
            free((void *)adding[k].factors[f].from);
            free(adding[k].factors[f].step);
        }
        free(adding[k].factors);
        free(adding[k].keyed.parts);
    }
    free(adding);
}

/* Lend a factor: a column, or (constants by case, sources by case, columns), source -1 being the
 * constant of the case. */
static int lend_factor(Lent *lent, PyObject *given, Py_ssize_t rows, Py_ssize_t known,
                       Factor *factor) {
    PyObject *constants, *sources, *columns;
    Array constant, source, values;
    if (!PyTuple_Check(given)) {
        if (lend_as(lent, given, "values", 0, 'f', 8, rows, &values) < 0) return -1;
        factor->column = values.data;
        return 0;
    }
    if (!PyArg_ParseTuple(given, "OOO!", &constants, &sources, &PyTuple_Type, &columns)) return -1;
    Py_ssize_t width = PyTuple_Size(columns);
    if (lend_as(lent, constants, "constants", 0, 'f', 8, known, &constant) < 0 ||
        lend_as(lent, sources, "sources", 0, 'i', 4, known, &source) < 0)
        return -1;
    factor->from = calloc(known > 0 ? (size_t)known : 1, sizeof(double *));
    factor->step = calloc(known > 0 ? (size_t)known : 1, sizeof(uint64_t));
    if (factor->from == NULL || factor->step == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const int32_t *of_case = source.data;
    for (Py_ssize_t c = 0; c < known; c++) {
        if (of_case[c] < -1 || of_case[c] >= width) {
            outside("sources");
            return -1;
        }
        factor->from[c] = (const double *)constant.data + c;
    }
    for (Py_ssize_t k = 0; k < width; k++) {
        if (lend_as(lent, PyTuple_GetItem(columns, k), "values", 0, 'f', 8, rows, &values) < 0)
            return -1;
        for (Py_ssize_t c = 0; c < known; c++) {
            if (of_case[c] != k) continue;
            factor->from[c] = values.data;
            factor->step[c] = ~(uint64_t)0;
        }
    }
    return 0;
}

/* Lend what a kind adds: (parts, shift, column by key, factors, sums, width, amounts or None). */
static int lend_adding(Lent *lent, PyObject *given, Py_ssize_t rows, Adding *adding) {
    PyObject *parts, *column, *factors, *sums, *amounts;
    long long shift, width;
    Array found;
    if (!PyArg_ParseTuple(given, "OLOO!OLO", &parts, &shift, &column, &PyTuple_Type, &factors,
                          &sums, &width, &amounts) ||
        lend_keyed(lent, parts, shift, column, rows, &adding->keyed) < 0 ||
        lend_sums(lent, sums, width, rows, 1, &adding->sums) < 0)
        return -1;
    if (width == 0) {
        if (lend_as(lent, amounts, "amounts", 1, 'f', 8, rows, &found) < 0) return -1;
        adding->amount = (double *)found.data;
    }
    adding->count = PyTuple_Size(factors);
    adding->factors = calloc(adding->count > 0 ? (size_t)adding->count : 1, sizeof(Factor));
    if (adding->factors == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t f = 0; f < adding->count; f++)
        if (lend_factor(lent, PyTuple_GetItem(factors, f), rows, (Py_ssize_t)adding->keyed.known,
                        &adding->factors[f]) < 0)
            return -1;
    return 0;
}

/* Multiply the factors of some rows in their order. */
static void amounts_of(const Adding *adding, const uint32_t *key, Py_ssize_t from, int n,
                       double *to) {
    for (Py_ssize_t f = 0; f < adding->count; f++) {
        const Factor *factor = &adding->factors[f];
        if (factor->column != NULL) {
            const double *value = factor->column + from;
            if (f == 0) memcpy(to, value, (size_t)n * sizeof(double));
            else
                for (int i = 0; i < n; i++) to[i] *= value[i];
        } else {
            const double **value = factor->from;
            const uint64_t *step = factor->step;
            if (f == 0)
                for (int i = 0; i < n; i++)
                    to[i] = value[key[i]][(uint64_t)(from + i) & step[key[i]]];
            else
                for (int i = 0; i < n; i++)
                    to[i] *= value[key[i]][(uint64_t)(from + i) & step[key[i]]];
        }
    }
    if (adding->count == 0)
        for (int i = 0; i < n; i++) to[i] = 1.0;
}

/* How many places for arrays some kinds need; -1 where they are no kinds. */
static Py_ssize_t room_of(PyObject *kinds) {
    Py_ssize_t room = 0;
    for (Py_ssize_t k = 0; k < PyTuple_Size(kinds); k++) {
        PyObject *each = PyTuple_GetItem(kinds, k), *parts, *factors;
        if (!PyTuple_Check(each) || PyTuple_Size(each) != 7 ||
            !PyTuple_Check(parts = PyTuple_GetItem(each, 0)) ||
            !PyTuple_Check(factors = PyTuple_GetItem(each, 3)))
            return -1;
        room += 3 + PyTuple_Size(parts);
        for (Py_ssize_t f = 0; f < PyTuple_Size(factors); f++) {
            PyObject *factor = PyTuple_GetItem(factors, f);
            room++;
            if (!PyTuple_Check(factor)) continue;
            if (PyTuple_Size(factor) != 3 || !PyTuple_Check(PyTuple_GetItem(factor, 2))) return -1;
            room += 1 + PyTuple_Size(PyTuple_GetItem(factor, 2));
        }
    }
    return room;
}

/* fold(kinds, rows, groups, largest, coverage) -> how many amounts cannot be
 *
 * For each kind: sums[groups[i] * width + column[key]] += product of its factors, row after row.
 * Counted is what has a column above 0 and an amount that is none, below 0 or beyond `largest`:
 * nothing is added from the block on that has one.  Coverage is None, or (quantity, joint, types, by
 * group, its width, by type, its width): quantity, 0 where there is none, and a row to the first;
 * quantity to the second. */
static PyObject *kernel_fold(PyObject *self, PyObject *args) {
    PyObject *kinds_given, *groups_given, *coverage, *result = NULL;
    PyObject *quantity_given, *joint_given, *types_given, *by_group_given, *by_type_given;
    Py_ssize_t rows;
    long long group_width = 0, type_width = 0;
    double largest;
    Lent lent;
    Array quantity, joint;
    Numbers groups, types;
    Sums by_group, by_type;
    Adding *adding = NULL;
    void *work = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!nOdO", &PyTuple_Type, &kinds_given, &rows, &groups_given,
                          &largest, &coverage))
        return NULL;
    Py_ssize_t count = PyTuple_Size(kinds_given), room = room_of(kinds_given);
    if (room < 0 || rows < 0) {
        PyErr_SetString(PyExc_TypeError,
                        "kinds: expected (parts, shift, columns, factors, sums, width, amounts)");
        return NULL;
    }
    if (lent_open(&lent, room + 8) < 0) return NULL;
    adding = calloc(count > 0 ? (size_t)count : 1, sizeof(Adding));
    work = calloc((size_t)count + 1, FEW * (sizeof(double) + sizeof(uint32_t)));
    if (adding == NULL || work == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_numbers(&lent, groups_given, rows, &groups) < 0) goto done;
    int covered = coverage != Py_None;
    if (covered) {
        if (!PyTuple_Check(coverage) ||
            !PyArg_ParseTuple(coverage, "OOOOLOL", &quantity_given, &joint_given, &types_given,
                              &by_group_given, &group_width, &by_type_given, &type_width)) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "coverage: expected a tuple");
            goto done;
        }
        if (lend_as(&lent, quantity_given, "quantity", 0, 'f', 8, rows, &quantity) < 0 ||
            lend_as(&lent, joint_given, "joint", 0, 'i', 4, rows, &joint) < 0 ||
            lend_numbers(&lent, types_given, rows, &types) < 0 ||
            lend_sums(&lent, by_group_given, group_width, rows, 2, &by_group) < 0 ||
            lend_sums(&lent, by_type_given, type_width, rows, 1, &by_type) < 0)
            goto done;
    }
    for (Py_ssize_t k = 0; k < count; k++)
        if (lend_adding(&lent, PyTuple_GetItem(kinds_given, k), rows, &adding[k]) < 0) goto done;
    int64_t unsound = 0, bad = 0;
    Py_BEGIN_ALLOW_THREADS
    double *amounts = work;
    uint32_t *places = (uint32_t *)(amounts + (count + 1) * FEW);
    for (Py_ssize_t b = 0; b < rows && !bad; b += FEW) {
        int n = (int)(rows - b < FEW ? rows - b : FEW);
        uint64_t group[FEW], type[FEW];
        int64_t column[FEW];
        uint32_t key[FEW], of_group[FEW], of_type[FEW];
        bad += numbers_of(&groups, b, n, group);
        for (Py_ssize_t k = 0; k < count && !bad; k++) {
            const Adding *each = &adding[k];
            double *amount = amounts + k * FEW;
            bad += keys_of(&each->keyed, b, n, key);
            if (bad) break;
            for (int i = 0; i < n; i++) column[i] = each->keyed.of_key[key[i]];
            amounts_of(each, key, b, n, amount);
            for (int i = 0; i < n; i++)
                unsound += (column[i] > 0) & !((amount[i] >= 0.0) & (amount[i] <= largest));
            bad += places_of(&each->sums, group, column, b, n, places + k * FEW);
        }
        if (covered && !bad) {
            const int32_t *of_row = (const int32_t *)joint.data + b;
            bad += numbers_of(&types, b, n, type);
            for (int i = 0; i < n; i++) column[i] = of_row[i];
            bad += places_of(&by_group, group, column, b, n, of_group);
            bad += places_of(&by_type, type, column, b, n, of_type);
        }
        if (bad || unsound) break;
        for (Py_ssize_t k = 0; k < count; k++) {
            const double *amount = amounts + k * FEW;
            const uint32_t *at = places + k * FEW;
            double *sum = adding[k].sums.table;
            if (sum == NULL) memcpy(adding[k].amount + b, amount, (size_t)n * sizeof(double));
            else
                for (int i = 0; i < n; i++) sum[at[i]] += amount[i];
        }
        if (!covered) continue;
        const double *number = (const double *)quantity.data + b;
        double items[FEW];
        for (int i = 0; i < n; i++) items[i] = number[i] == number[i] ? number[i] : 0.0;
        if (by_group.table != NULL)
            for (int i = 0; i < n; i++) {
                double *sum = by_group.table + 2 * (size_t)of_group[i];
                sum[0] += items[i];
                sum[1] += 1.0;
            }
        if (by_type.table != NULL)
            for (int i = 0; i < n; i++) by_type.table[of_type[i]] += items[i];
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("cells");
        goto done;
    }
    result = PyLong_FromLongLong((long long)unsound);
done:
    free(work);
    adding_close(adding, count);
    lent_close(&lent);
    return result;
}

/* multiply(out, width, groups, first, flows, factors, amounts):
 * out[(groups[i] - first) * width + k] += factors[flows[i] * width + k] * amounts[i], for each k. */
static PyObject *kernel_multiply(PyObject *self, PyObject *args) {
    PyObject *out_given, *groups_given, *flows_given, *factors_given, *amounts_given;
    long long width, first;
    Lent lent;
    Array out, groups, flows, factors, amounts;
    int64_t bad = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OLOLOOO", &out_given, &width, &groups_given, &first, &flows_given,
                          &factors_given, &amounts_given))
        return NULL;
    if (width < 1) return outside("width");
    if (lent_open(&lent, 5) < 0) return NULL;
    if (lend_as(&lent, amounts_given, "amounts", 0, 'f', 8, -1, &amounts) < 0 ||
        lend_as(&lent, groups_given, "groups", 0, 'i', 8, amounts.length, &groups) < 0 ||
        lend_as(&lent, flows_given, "flows", 0, 'i', 4, amounts.length, &flows) < 0 ||
        lend_as(&lent, factors_given, "factors", 0, 'f', 8, -1, &factors) < 0 ||
        lend_as(&lent, out_given, "out", 1, 'f', 8, -1, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int64_t *group = groups.data;
    const int32_t *flow = flows.data;
    const double *factor = factors.data, *amount = amounts.data;
    double *sum = (double *)out.data;
    const uint64_t height = (uint64_t)(out.length / width);
    const uint64_t count = (uint64_t)(factors.length / width);
    for (Py_ssize_t i = 0; i < amounts.length; i++) {
        uint64_t g = (uint64_t)group[i] - (uint64_t)first, f = (uint64_t)(int64_t)flow[i];
        if (g >= height || f >= count) {
            bad++;
            continue;
        }
        const double *from = factor + f * (uint64_t)width;
        const double by = amount[i];
        double *to = sum + g * (uint64_t)width;
        for (long long k = 0; k < width; k++) {
            double product = from[k] * by;
            to[k] += product;
        }
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("cells");
    Py_RETURN_NONE;
}

/* count(rows, columns, width, cells, counts): cells[i] = rows[i] * width + columns[i], counted. */
static PyObject *kernel_count(PyObject *self, PyObject *args) {
    PyObject *rows_given, *columns_given, *cells_given, *counts_given;
    long long width;
    Lent lent;
    Array rows, columns, cells, counts;
    int64_t bad = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOLOO", &rows_given, &columns_given, &width, &cells_given,
                          &counts_given))
        return NULL;
    if (lent_open(&lent, 4) < 0) return NULL;
    if (lend_as(&lent, cells_given, "cells", 1, 'i', 8, -1, &cells) < 0 ||
        lend_as(&lent, rows_given, "rows", 0, 'i', 8, cells.length, &rows) < 0 ||
        lend_as(&lent, columns_given, "columns", 0, 'i', 8, cells.length, &columns) < 0 ||
        lend_as(&lent, counts_given, "counts", 1, 'i', 8, -1, &counts) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int64_t *row = rows.data, *column = columns.data;
    int64_t *cell = (int64_t *)cells.data, *sum = (int64_t *)counts.data;
    const uint64_t size = (uint64_t)counts.length;
    for (Py_ssize_t i = 0; i < cells.length; i++) {
        uint64_t at = (uint64_t)row[i] * (uint64_t)width + (uint64_t)column[i];
        if (at < size) {
            cell[i] = (int64_t)at;
            sum[at]++;
        } else {
            bad++;
        }
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("cells");
    Py_RETURN_NONE;
}

/* ---- sums of pairs -------------------------------------------------------------------------- */

/* Pairs of one row up to which they are sorted by insertion. */
#define SHORT 24

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Sort what is told apart by its place: columns, then the order in which they came. */
static void sort_few(uint64_t *keys, int64_t count) {
    if (count > SHORT) {
        qsort(keys, (size_t)count, sizeof(uint64_t), by_size);
        return;
    }
    for (int64_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        int64_t k = i;
        for (; k > 0 && keys[k - 1] > key; k--) keys[k] = keys[k - 1];
        keys[k] = key;
    }
}

/* pairs(rows, columns, values, height, out_rows, out_columns, out_values) -> how many
 *
 * The distinct pairs of a row (below `height`) and a column (from 0), sorted, and the sums of the
 * values of each, one after the other. */
static PyObject *kernel_pairs(PyObject *self, PyObject *args) {
    PyObject *rows_given, *columns_given, *values_given, *to_rows, *to_columns, *to_values;
    PyObject *result = NULL;
    Py_ssize_t height;
    Lent lent;
    Array rows, columns, out_rows, out_columns, *values = NULL;
    int64_t *start = NULL;
    uint64_t *keys = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOO!nOOO!", &rows_given, &columns_given, &PyTuple_Type,
                          &values_given, &height, &to_rows, &to_columns, &PyTuple_Type, &to_values))
        return NULL;
    Py_ssize_t count = PyTuple_Size(values_given);
    if (height < 0 || PyTuple_Size(to_values) != count) return outside("height");
    if (lent_open(&lent, 2 * count + 4) < 0) return NULL;
    values = calloc(2 * (size_t)count + 1, sizeof(Array)); /* what is summed, and the sums */
    if (values == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_as(&lent, rows_given, "rows", 0, 'i', 8, -1, &rows) < 0) goto done;
    Py_ssize_t n = rows.length;
    if (lend_as(&lent, columns_given, "columns", 0, 'i', 4, n, &columns) < 0 ||
        lend_as(&lent, to_rows, "out_rows", 1, 'i', 8, n, &out_rows) < 0 ||
        lend_as(&lent, to_columns, "out_columns", 1, 'i', 4, n, &out_columns) < 0)
        goto done;
    for (Py_ssize_t k = 0; k < count; k++)
        if (lend_as(&lent, PyTuple_GetItem(values_given, k), "values", 0, 'f', 8, n,
                    &values[2 * k]) < 0 ||
            lend_as(&lent, PyTuple_GetItem(to_values, k), "out_values", 1, 'f', 8, n,
                    &values[2 * k + 1]) < 0)
            goto done;
    if (n > UINT32_MAX) {
        outside("pairs");
        goto done;
    }
    start = calloc((size_t)height + 1, sizeof(int64_t));
    keys = calloc(n > 0 ? (size_t)n : 1, sizeof(uint64_t));
    if (start == NULL || keys == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t found = 0, bad = 0;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *row = rows.data;
    const int32_t *column = columns.data;
    int64_t *to_row = (int64_t *)out_rows.data;
    int32_t *to_column = (int32_t *)out_columns.data;
    for (Py_ssize_t i = 0; i < n; i++) {
        bad += row[i] < 0 || row[i] >= height || column[i] < 0;
        if (!bad) start[row[i] + 1]++;
    }
    if (!bad) {
        for (Py_ssize_t r = 0; r < height; r++) start[r + 1] += start[r];
        /* from the last, so that starts end where they began: start[r + 1] is that of row r */
        for (Py_ssize_t i = n - 1; i >= 0; i--)
            keys[--start[row[i] + 1]] = (uint64_t)(uint32_t)column[i] << 32 | (uint64_t)i;
        for (Py_ssize_t r = 0; r < height; r++) {
            int64_t first = start[r + 1], last = r + 1 < height ? start[r + 2] : n;
            sort_few(keys + first, last - first);
            for (int64_t p = first; p < last; p++) {
                uint64_t i = keys[p] & UINT32_MAX;
                int same = p > first && keys[p] >> 32 == keys[p - 1] >> 32;
                found += !same;
                to_row[found - 1] = r;
                to_column[found - 1] = column[i];
                for (Py_ssize_t k = 0; k < count; k++) {
                    const double *from = values[2 * k].data;
                    double *to = (double *)values[2 * k + 1].data;
                    to[found - 1] = same ? to[found - 1] + from[i] : 0.0 + from[i];
                }
            }
        }
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("pairs");
        goto done;
    }
    result = PyLong_FromLongLong((long long)found);
done:
    free(start);
    free(keys);
    free(values);
    lent_close(&lent);
    return result;
}

/* ---- blanks and ranges ---------------------------------------------------------------------- */

/* nulls(bitmap, offset, out): out[i] = whether bit offset + i is not set. */
static PyObject *kernel_nulls(PyObject *self, PyObject *args) {
    PyObject *bits_given, *out_given;
    Py_ssize_t offset;
    Lent lent;
    Array bits, out;
    (void)self;
    if (!PyArg_ParseTuple(args, "OnO", &bits_given, &offset, &out_given)) return NULL;
    if (lent_open(&lent, 2) < 0) return NULL;
    if (lend(&lent, bits_given, "bitmap", 0, &bits) < 0 ||
        lend_as(&lent, out_given, "out", 1, 'u', 1, -1, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    if (bits.size != 1 || offset < 0 || offset > PY_SSIZE_T_MAX - out.length ||
        (offset + out.length + 7) / 8 > bits.length) {
        lent_close(&lent);
        return outside("bitmap");
    }
    Py_BEGIN_ALLOW_THREADS
    const uint8_t *bit = bits.data;
    uint8_t *to = (uint8_t *)out.data;
    Py_ssize_t i = 0, n = out.length;
    for (; i < n && ((offset + i) & 7); i++)
        to[i] = (uint8_t)(~(bit[(offset + i) >> 3] >> ((offset + i) & 7)) & 1);
    for (; i + 8 <= n; i += 8) {
        uint8_t byte = (uint8_t)~bit[(offset + i) >> 3];
        for (int k = 0; k < 8; k++) to[i + k] = (uint8_t)(byte >> k & 1);
    }
    for (; i < n; i++) to[i] = (uint8_t)(~(bit[(offset + i) >> 3] >> ((offset + i) & 7)) & 1);
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    Py_RETURN_NONE;
}

/* outside(values, largest, smallest, low, high, exclusive, out) -> how many: |x| above `largest` or
 * below `smallest` (what divides; 0 for no such bound), x below `low` (or at
 * it, where it is exclusive), above `high`; NaN is not.  Infinite bounds bound nothing. */
static PyObject *kernel_outside(PyObject *self, PyObject *args) {
    PyObject *values_given, *out_given;
    double largest, smallest, low, high;
    int exclusive;
    Lent lent;
    Array values, out;
    int64_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OddddpO", &values_given, &largest, &smallest, &low, &high,
                          &exclusive, &out_given))
        return NULL;
    if (lent_open(&lent, 2) < 0) return NULL;
    if (lend_as(&lent, values_given, "values", 0, 'f', 8, -1, &values) < 0 ||
        lend_as(&lent, out_given, "out", 1, 'u', 1, values.length, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const double *value = values.data;
    uint8_t *to = (uint8_t *)out.data;
    for (Py_ssize_t b = 0; b < values.length; b += BLOCK) {
        int n = (int)(values.length - b < BLOCK ? values.length - b : BLOCK);
        const double *x = value + b;
        int64_t here = 0; /* mostly none: counted alone, which is quick, before any is marked */
        for (int i = 0; i < n; i++)
            here += (int64_t)(fabs(x[i]) > largest) | (int64_t)(fabs(x[i]) < smallest) |
                    (int64_t)(x[i] < low) |
                    (int64_t)(x[i] > high) | ((int64_t)exclusive & (int64_t)(x[i] == low));
        if (here == 0) {
            memset(to + b, 0, (size_t)n);
            continue;
        }
        found += here;
        for (int i = 0; i < n; i++)
            to[b + i] = (uint8_t)((fabs(x[i]) > largest) | (fabs(x[i]) < smallest) | (x[i] < low) |
                                  (x[i] > high) |
                                  (exclusive & (x[i] == low)));
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    return PyLong_FromLongLong((long long)found);
}

/* count_nan(values) -> how many are NaN. */
static PyObject *kernel_count_nan(PyObject *self, PyObject *args) {
    PyObject *values_given;
    Lent lent;
    Array values;
    int64_t found = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "O", &values_given)) return NULL;
    if (lent_open(&lent, 1) < 0) return NULL;
    if (lend_as(&lent, values_given, "values", 0, 'f', 8, -1, &values) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const double *value = values.data;
    for (Py_ssize_t i = 0; i < values.length; i++) found += (int64_t)(value[i] != value[i]);
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    return PyLong_FromLongLong((long long)found);
}

/* with_ones(values, where, out): all bits set where `where` is 1, whatever stands there. */
static PyObject *kernel_with_ones(PyObject *self, PyObject *args) {
    PyObject *values_given, *where_given, *out_given;
    Lent lent;
    Array values, where, out;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOO", &values_given, &where_given, &out_given)) return NULL;
    if (lent_open(&lent, 3) < 0) return NULL;
    if (lend(&lent, values_given, "values", 0, &values) < 0 ||
        lend_as(&lent, where_given, "where", 0, 'u', 1, values.length, &where) < 0 ||
        lend_as(&lent, out_given, "out", 1, values.kind, values.size, values.length, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    if (values.size != 4 && values.size != 8) {
        lent_close(&lent);
        PyErr_SetString(PyExc_TypeError, "values: expected 4 or 8 bytes each");
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const uint8_t *set = where.data;
    if (values.size == 4) {
        const uint32_t *from = values.data;
        uint32_t *to = (uint32_t *)out.data;
        for (Py_ssize_t i = 0; i < values.length; i++)
            to[i] = from[i] | (uint32_t)-(uint32_t)(set[i] != 0);
    } else {
        const uint64_t *from = values.data;
        uint64_t *to = (uint64_t *)out.data;
        for (Py_ssize_t i = 0; i < values.length; i++)
            to[i] = from[i] | (uint64_t)-(uint64_t)(set[i] != 0);
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    Py_RETURN_NONE;
}

/* ---- digest --------------------------------------------------------------------------------- */

typedef struct {
    char kind; /* c: cells, n: numbers, w: words */
    Array first, second;
    uint64_t salt;
    int has_second;
} Hashed;

/* digest(columns, start, blank, rows) -> sum modulo 2**64 of the hashes of the rows
 *
 * A column is (kind, array, array or None, salt): "c" hashed cells; "n" floats, and where they are
 * blank; "w" codes of words, and the hash of each word times the salt (code -1 is the last). */
static PyObject *kernel_digest(PyObject *self, PyObject *args) {
    PyObject *given, *result = NULL;
    unsigned long long start, blank;
    Py_ssize_t rows;
    Lent lent;
    Hashed *columns = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!KKn", &PyTuple_Type, &given, &start, &blank, &rows)) return NULL;
    Py_ssize_t count = PyTuple_Size(given);
    if (lent_open(&lent, 2 * count) < 0) return NULL;
    columns = calloc(count > 0 ? (size_t)count : 1, sizeof(Hashed));
    if (columns == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t k = 0; k < count; k++) {
        Hashed *each = &columns[k];
        PyObject *first, *second;
        int kind;
        unsigned long long salt;
        if (!PyArg_ParseTuple(PyTuple_GetItem(given, k), "COOK", &kind, &first, &second, &salt))
            goto done;
        each->kind = (char)kind;
        each->salt = salt;
        each->has_second = second != Py_None;
        int failed = 1;
        if (kind == 'c') {
            failed = lend_as(&lent, first, "cells", 0, 'u', 8, rows, &each->first) < 0;
        } else if (kind == 'n') {
            failed = lend_as(&lent, first, "numbers", 0, 'f', 8, rows, &each->first) < 0 ||
                     (each->has_second &&
                      lend_as(&lent, second, "blank", 0, 'u', 1, rows, &each->second) < 0);
        } else if (kind == 'w') {
            failed = lend_as(&lent, first, "codes", 0, 'i', 4, rows, &each->first) < 0 ||
                     lend_as(&lent, second, "words", 0, 'u', 8, -1, &each->second) < 0;
        } else {
            PyErr_SetString(PyExc_ValueError, "kind: expected c, n or w");
        }
        if (failed) goto done;
    }
    uint64_t total = 0;
    int64_t bad = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t b = 0; b < rows; b += BLOCK) {
        int n = (int)(rows - b < BLOCK ? rows - b : BLOCK);
        uint64_t state[BLOCK];
        for (int i = 0; i < n; i++) state[i] = start;
        for (Py_ssize_t k = 0; k < count; k++) {
            const Hashed *each = &columns[k];
            const uint64_t salt = each->salt;
            if (each->kind == 'c') {
                const uint64_t *cell = (const uint64_t *)each->first.data + b;
                for (int i = 0; i < n; i++) state[i] += cell[i] * salt;
            } else if (each->kind == 'w') {
                const int32_t *code = (const int32_t *)each->first.data + b;
                const uint64_t *word = each->second.data;
                const int64_t size = (int64_t)each->second.length;
                for (int i = 0; i < n; i++) {
                    int64_t at = code[i];
                    at = at == -1 ? size - 1 : at;
                    if (at >= 0 && at < size) state[i] += word[at];
                    else bad++;
                }
            } else {
                const double *number = (const double *)each->first.data + b;
                const uint8_t *none = each->has_second ? (const uint8_t *)each->second.data + b : NULL;
                for (int i = 0; i < n; i++) {
                    double x = number[i] + 0.0; /* both zeros alike */
                    uint64_t bits;
                    memcpy(&bits, &x, sizeof bits);
                    bits |= (uint64_t)-(uint64_t)(x != x); /* every NaN alike */
                    if (none != NULL) {
                        uint64_t mask = (uint64_t)-(uint64_t)(none[i] != 0);
                        bits += mask & (blank + 1); /* of all bits set, as blank cells have */
                    }
                    state[i] += bits * salt;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            uint64_t x = state[i];
            x ^= x >> 30;
            x *= 0xBF58476D1CE4E5B9ull;
            x ^= x >> 27;
            x *= 0x94D049BB133111EBull;
            x ^= x >> 31;
            total += x;
        }
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("codes");
        goto done;
    }
    result = PyLong_FromUnsignedLongLong(total);
done:
    free(columns);
    lent_close(&lent);
    return result;
}

#include "reading.h"

/* ---- the module ----------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"add", kernel_add, METH_VARARGS, "Add values into cells, one row after the other."},
    {"bounds", kernel_bounds, METH_VARARGS, "Tell the bytes between which cells of one length lie."},
    {"classed", kernel_classed, METH_VARARGS, "Number the classes of rows, and count them."},
    {"count", kernel_count, METH_VARARGS, "Number cells, and count their rows."},
    {"count_nan", kernel_count_nan, METH_VARARGS, "Count the values that are NaN."},
    {"cut", kernel_cut, METH_VARARGS, "Cut text into cells, and encode the words of columns."},
    {"digest", kernel_digest, METH_VARARGS, "Sum the hashes of rows."},
    {"fold", kernel_fold, METH_VARARGS, "Add the amounts and the coverage of rows."},
    {"mark", kernel_mark, METH_VARARGS, "Mark the numbers that are there."},
    {"multiply", kernel_multiply, METH_VARARGS, "Add factors times amounts, cell by cell."},
    {"nulls", kernel_nulls, METH_VARARGS, "Tell which bits are not set."},
    {"number", kernel_number, METH_VARARGS, "Number pairs of codes in the order of the rows."},
    {"outside", kernel_outside, METH_VARARGS, "Tell which values are out of their range."},
    {"pairs", kernel_pairs, METH_VARARGS, "Sum the values of each pair of a row and a column."},
    {"repeats", kernel_repeats, METH_VARARGS, "Tell the numbers that come more than once."},
    {"stage", kernel_stage, METH_VARARGS, "Look up the case of each row, or where it goes on."},
    {"survey", kernel_survey, METH_VARARGS, "Check text for UTF-8, and look for bytes."},
    {"take", kernel_take, METH_VARARGS, "Look up codes in a table."},
    {"with_ones", kernel_with_ones, METH_VARARGS, "Set all bits somewhere."},
    {NULL, NULL, 0, NULL},
};

/* What the functions above take and mean: `reen.kernel` uses a binary of its own number only. */
#define INTERFACE 5

static int begin(PyObject *made) {
    return PyModule_AddIntConstant(made, "INTERFACE", INTERFACE);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)begin}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    "_compiled",
    "The loops of the engine, compiled.",
    0,
    methods,
    slots,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModuleDef_Init(&module); }

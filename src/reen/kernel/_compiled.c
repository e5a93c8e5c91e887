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

/* ---- threads and processors ----------------------------------------------------------------- */

/* Work is cut into parts of which no two write to the same memory: what each comes to does not
 * depend on who does it, or when.  Threads last as long as one call, so that a process may fork
 * between two.  Whoever calls takes parts too, and waits for those that are begun and for no thread
 * that has yet to start: on a busy machine, or where no thread can be had, it does them all. */
typedef void (*Work)(void *context, int part);

/* Parts that work is cut into at most, and rows that are worth a part of their own. */
#define MOST_PARTS 16
#define WORTH 16384

#if !defined(_WIN32)
#include <pthread.h>

typedef struct {
    Work work;
    void *context;
    int parts, next, done, members;
    pthread_mutex_t lock;
    pthread_cond_t finished;
} Crew;

static void crew_leave(Crew *crew) {
    if (__atomic_sub_fetch(&crew->members, 1, __ATOMIC_ACQ_REL) > 0) return;
    pthread_cond_destroy(&crew->finished);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}

static void crew_work(Crew *crew) {
    int part;
    while ((part = __atomic_fetch_add(&crew->next, 1, __ATOMIC_RELAXED)) < crew->parts) {
        crew->work(crew->context, part);
        pthread_mutex_lock(&crew->lock);
        if (++crew->done == crew->parts) pthread_cond_signal(&crew->finished);
        pthread_mutex_unlock(&crew->lock);
    }
}

static void *crew_member(void *crew) {
    crew_work(crew);
    crew_leave(crew);
    return NULL;
}

static void in_parts(Work work, void *context, int parts, int threads) {
    Crew *crew = parts > 1 && threads > 1 ? calloc(1, sizeof(Crew)) : NULL;
    pthread_attr_t apart;
    if (crew == NULL || pthread_attr_init(&apart) != 0) {
        free(crew);
        for (int part = 0; part < parts; part++) work(context, part);
        return;
    }
    crew->work = work, crew->context = context, crew->parts = parts, crew->members = 1;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->finished, NULL);
    pthread_attr_setdetachstate(&apart, PTHREAD_CREATE_DETACHED);
    for (int k = 1; k < threads && k < parts; k++) {
        pthread_t other;
        __atomic_add_fetch(&crew->members, 1, __ATOMIC_RELAXED);
        if (pthread_create(&other, &apart, crew_member, crew) == 0) continue;
        __atomic_sub_fetch(&crew->members, 1, __ATOMIC_RELAXED);
        break;
    }
    pthread_attr_destroy(&apart);
    crew_work(crew);
    pthread_mutex_lock(&crew->lock);
    while (crew->done < parts) pthread_cond_wait(&crew->finished, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    crew_leave(crew);
}
#else
static void in_parts(Work work, void *context, int parts, int threads) {
    (void)threads;
    for (int part = 0; part < parts; part++) work(context, part);
}
#endif

/* Into how many parts some rows are cut. */
static int parts_of(Py_ssize_t rows, int threads) {
    if (threads < 2) return 1;
    Py_ssize_t parts = rows / WORTH;
    return parts < 1 ? 1 : parts > MOST_PARTS ? MOST_PARTS : (int)parts;
}

typedef struct {
    Py_ssize_t from, to;
} Span;

/* The rows of a part, whole blocks of them. */
static Span span_of(Py_ssize_t rows, int parts, int part) {
    Py_ssize_t step = (rows / parts / BLOCK + 1) * BLOCK;
    Py_ssize_t from = step * part < rows ? step * part : rows;
    Py_ssize_t to = rows - from < step || part == parts - 1 ? rows : from + step;
    Span span = {from, to};
    return span;
}

/* Loops that work out many rows at a time are compiled twice on x86-64, as the processor reads its
 * instructions: with eight numbers in a register, or with four.  The operations are the same. */
#if defined(__GNUC__)
#define INLINE inline __attribute__((always_inline))
#else
#define INLINE inline
#endif

#if defined(__GNUC__) && defined(__x86_64__) && defined(__linux__)
#define FOR_PROCESSORS(name, Context)                                                       \
    static void plain_##name(void *context, int part) { name((Context *)context, part); }   \
    __attribute__((target("avx2"))) static void wide_##name(void *context, int part) {      \
        name((Context *)context, part);                                                     \
    }                                                                                       \
    static void best_##name(void *context, int part) {                                      \
        if (__builtin_cpu_supports("avx2")) wide_##name(context, part);                     \
        else plain_##name(context, part);                                                   \
    }
#else
#define FOR_PROCESSORS(name, Context) \
    static void best_##name(void *context, int part) { name((Context *)context, part); }
#endif

/* ---- words, cases and keys ------------------------------------------------------------------ */

/* Add codes of whatever width, times a weight, to keys.
 *
 * Keys are 32 bits: they are places in a table, and what would overflow is a code that the table
 * has no room for; it is looked up nowhere outside. */
static INLINE void add_codes(const Array *codes, Py_ssize_t from, int n, uint32_t weight, uint32_t *key) {
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

typedef struct {
    const Part *asked;
    Py_ssize_t count, rows;
    const int32_t *places; /* NULL: the constant has it */
    uint32_t radix, constant;
    const int32_t *table;
    uint64_t size;
    int32_t *cases, *onwards;
    int64_t unseen, waiting;
    int bad;
} Staging;

static INLINE void stage_rows(Staging *s, int part) {
    (void)part; /* so little work that a second thread gains nothing */
    const uint64_t size = s->size;
    const int32_t *to_of = s->table;
    int64_t unseen = 0, waiting = 0;
    int bad = 0;
    for (Py_ssize_t b = 0; b < s->rows && !bad; b += BLOCK) {
        int n = (int)(s->rows - b < BLOCK ? s->rows - b : BLOCK);
        uint32_t key[BLOCK];
        if (s->places == NULL) {
            for (int i = 0; i < n; i++) key[i] = s->constant;
        } else {
            const int32_t *place = s->places + b;
            for (int i = 0; i < n; i++) key[i] = s->constant + (uint32_t)place[i] * s->radix;
        }
        for (Py_ssize_t k = 0; k < s->count; k++)
            add_codes(&s->asked[k].codes, b, n, (uint32_t)s->asked[k].weight, key);
        for (int i = 0; i < n; i++) bad |= key[i] >= size;
        if (bad) break;
        int32_t *of_row = s->cases + b, *on = s->onwards + b;
        for (int i = 0; i < n; i++) {
            int32_t to = to_of[key[i]];
            unseen += to == -1;
            of_row[i] = to < -1 ? -2 - to : of_row[i];
            on[i] = to < -1 ? 0 : to;
            waiting += to > 0;
        }
    }
    s->unseen = unseen;
    s->waiting = waiting;
    s->bad = bad;
}

FOR_PROCESSORS(stage_rows, Staging)

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
    Staging s = {0};
    Part *asked = NULL;
    PyObject *result = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!OLLOOO", &PyTuple_Type, &given, &places_given, &radix,
                          &constant, &table_given, &cases_given, &onwards_given))
        return NULL;
    Py_ssize_t count = PyTuple_Size(given);
    if (lent_open(&lent, count + 4) < 0) return NULL;
    asked = calloc(count > 0 ? (size_t)count : 1, sizeof(Part));
    if (asked == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_as(&lent, cases_given, "cases", 1, 'i', 4, -1, &cases) < 0) goto done;
    Py_ssize_t rows = cases.length;
    if (lend_as(&lent, onwards_given, "onwards", 1, 'i', 4, rows, &onwards) < 0 ||
        lend_as(&lent, table_given, "table", 0, 'i', 4, -1, &table) < 0)
        goto done;
    if (places_given != Py_None) {
        if (lend_as(&lent, places_given, "places", 0, 'i', 4, rows, &places) < 0) goto done;
        s.places = places.data;
    }
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *codes;
        long long weight;
        if (!PyArg_ParseTuple(PyTuple_GetItem(given, k), "OL", &codes, &weight)) goto done;
        if (lend(&lent, codes, "part", 0, &asked[k].codes) < 0) goto done;
        if (asked[k].codes.length != rows || asked[k].codes.kind == 'f') {
            PyErr_SetString(PyExc_ValueError, "part: expected one whole number a row");
            goto done;
        }
        asked[k].weight = weight;
    }
    s.asked = asked, s.count = count, s.rows = rows;
    s.radix = (uint32_t)radix, s.constant = (uint32_t)constant;
    s.table = table.data, s.size = (uint64_t)table.length;
    s.cases = (int32_t *)cases.data, s.onwards = (int32_t *)onwards.data;
    Py_BEGIN_ALLOW_THREADS
    best_stage_rows(&s, 0);
    Py_END_ALLOW_THREADS
    if (s.bad) {
        outside("keys");
        goto done;
    }
    result = Py_BuildValue("LL", (long long)s.unseen, (long long)s.waiting);
done:
    free(asked);
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

/* ---- the fold: cases, amounts and sums of a batch -------------------------------------------- */

/* Rows whose keys, amounts and places are worked out before any is added. */
#define FEW 512

/* A number by key, a key being a sum of codes, each times a weight. */
typedef struct {
    Part *parts;
    Py_ssize_t count;
    uint32_t shift;
    const int32_t *of_key;
    uint32_t known;
} Keyed;

/* Lend what makes keys, and the table that they are looked up in. */
static int lend_keyed(Lent *lent, PyObject *parts, long long shift, PyObject *table,
                      Py_ssize_t rows, Keyed *keyed) {
    Array found;
    if (!PyTuple_Check(parts)) {
        PyErr_SetString(PyExc_TypeError, "parts: expected a tuple");
        return -1;
    }
    if (lend_as(lent, table, "table", 0, 'i', 4, -1, &found) < 0) return -1;
    if (found.length > INT32_MAX) {
        outside("table");
        return -1;
    }
    keyed->of_key = found.data;
    keyed->known = (uint32_t)found.length;
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

/* Work out the keys of some rows; return whether there is one that no table has. */
static INLINE int keys_of(const Keyed *keyed, Py_ssize_t from, int n, uint32_t *key) {
    const uint32_t known = keyed->known;
    int bad = 0;
    for (int i = 0; i < n; i++) key[i] = keyed->shift;
    for (Py_ssize_t k = 0; k < keyed->count; k++)
        add_codes(&keyed->parts[k].codes, from, n, (uint32_t)keyed->parts[k].weight, key);
    for (int i = 0; i < n; i++) bad |= key[i] >= known;
    return bad;
}

/* Numbers by code, code -1 being the last entry; of all rows, or none at all. */
typedef struct {
    const int32_t *code;
    const int64_t *number;
    uint32_t known;
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
    if (table.length > INT32_MAX || (table.length == 0 && rows > 0)) {
        outside("codes");
        return -1;
    }
    numbers->code = codes.data;
    numbers->number = table.data;
    numbers->known = (uint32_t)table.length;
    return 0;
}

/* Write the numbers of some rows, which are below 2**32; return whether one cannot be. */
static INLINE int numbers_of(const Numbers *numbers, Py_ssize_t from, int n, uint32_t *to) {
    uint64_t bad = 0;
    if (numbers->number == NULL) {
        bad = (uint64_t)numbers->one >> 32;
        for (int i = 0; i < n; i++) to[i] = (uint32_t)numbers->one;
    } else if (numbers->code == NULL) {
        const int64_t *number = numbers->number + from;
        for (int i = 0; i < n; i++) {
            to[i] = (uint32_t)number[i];
            bad |= (uint64_t)number[i] >> 32;
        }
    } else {
        const int32_t *code = numbers->code + from;
        const int64_t *number = numbers->number;
        const uint32_t known = numbers->known;
        for (int i = 0; i < n; i++) {
            uint32_t at = code[i] == -1 ? known - 1 : (uint32_t)code[i];
            uint32_t none = at >= known;
            uint64_t found = (uint64_t)number[none ? 0 : at];
            to[i] = (uint32_t)found;
            bad |= none | found >> 32;
        }
    }
    return bad != 0;
}

/* ---- classes of rows ------------------------------------------------------------------------ */

typedef struct {
    const Keyed *kinds;
    Py_ssize_t count, rows;
    const int64_t *table;
    uint64_t size, most;
    Numbers types;
    uint32_t width;
    int32_t *joint, *cells;
    int64_t *counts, unseen;
    int bad;
} Classing;

static INLINE void class_rows(Classing *c, int part) {
    (void)part;
    int64_t unseen = 0;
    int bad = 0;
    for (Py_ssize_t b = 0; b < c->rows && !unseen && !bad; b += FEW) {
        int n = (int)(c->rows - b < FEW ? c->rows - b : FEW);
        int32_t *to = c->joint + b, *cell = c->cells + b;
        uint32_t at[FEW], type[FEW], key[FEW];
        int32_t lost[FEW], any = 0;
        memset(at, 0, sizeof at);
        memset(lost, 0, sizeof lost);
        for (Py_ssize_t k = 0; k < c->count && !bad; k++) {
            const int32_t *weight = c->kinds[k].of_key;
            bad = keys_of(&c->kinds[k], b, n, key);
            if (bad) break;
            for (int i = 0; i < n; i++) {
                int32_t w = weight[key[i]];
                at[i] += (uint32_t)w;
                lost[i] |= w; /* its sign stays */
            }
        }
        if (bad) break;
        bad = numbers_of(&c->types, b, n, type);
        for (int i = 0; i < n; i++) any |= lost[i];
        for (int i = 0; i < n; i++) {
            if (any < 0 && lost[i] < 0) {
                unseen++;
                to[i] = -1;
                continue;
            }
            if (at[i] >= c->size) {
                bad = 1;
                continue;
            }
            int64_t found = c->table[at[i]];
            uint64_t place = (uint64_t)type[i] * c->width + (uint64_t)found;
            to[i] = (int32_t)found;
            if (found < 0) {
                unseen++;
            } else if (place < c->most) {
                cell[i] = (int32_t)place;
                c->counts[place]++;
            } else {
                bad = 1;
            }
        }
    }
    c->unseen = unseen;
    c->bad = bad;
}

FOR_PROCESSORS(class_rows, Classing)

/* classed(kinds, table, types, width, joint, cells, counts) -> unseen
 *
 * joint[i] = table[sum of the weights of the keys of row i]; cells[i] = type * width + joint[i],
 * counted.  A kind is (parts, shift, weight by key).  A weight or an entry of the table below 0 was
 * never seen: where there is one, not all rows are numbered. */
static PyObject *kernel_classed(PyObject *self, PyObject *args) {
    PyObject *kinds_given, *table_given, *types_given, *joint_given, *cells_given, *counts_given;
    PyObject *result = NULL;
    long long width;
    Lent lent;
    Array table, joint, cells, counts;
    Classing c = {0};
    Keyed *kinds = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!OOLOOO", &PyTuple_Type, &kinds_given, &table_given,
                          &types_given, &width, &joint_given, &cells_given, &counts_given))
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
    if (width < 0 || width > INT32_MAX) return outside("width");
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
        lend_numbers(&lent, types_given, rows, &c.types) < 0)
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
    c.kinds = kinds, c.count = count, c.rows = rows;
    c.table = table.data, c.size = (uint64_t)table.length, c.width = (uint32_t)width;
    c.joint = (int32_t *)joint.data, c.cells = (int32_t *)cells.data;
    c.most = (uint64_t)counts.length, c.counts = (int64_t *)counts.data;
    Py_BEGIN_ALLOW_THREADS
    best_class_rows(&c, 0);
    Py_END_ALLOW_THREADS
    if (c.bad) {
        outside("classes");
        goto done;
    }
    result = PyLong_FromLongLong((long long)c.unseen);
done:
    for (Py_ssize_t k = 0; kinds != NULL && k < count; k++) free(kinds[k].parts);
    free(kinds);
    lent_close(&lent);
    return result;
}

/* ---- amounts and coverage ------------------------------------------------------------------- */

/* Where sums go: a table of so many cells in a row of it, or (width 0) keys and values that are
 * summed later, of the columns from `first` on. */
typedef struct {
    double *table;
    int64_t *key, *written;
    double *value;
    uint32_t height, width;
    int32_t first;
} Sums;

static int lend_sums(Lent *lent, PyObject *given, long long width, PyObject *later,
                     Py_ssize_t rows, Py_ssize_t per_cell, Sums *sums) {
    Array found;
    memset(sums, 0, sizeof *sums);
    if (width == 0) {
        PyObject *values, *written;
        int first;
        if (!PyTuple_Check(later)) {
            PyErr_SetString(PyExc_TypeError, "later: expected (values, written, first)");
            return -1;
        }
        if (!PyArg_ParseTuple(later, "OOi", &values, &written, &first) ||
            lend_as(lent, given, "keys", 1, 'i', 8, rows, &found) < 0)
            return -1;
        sums->key = (int64_t *)found.data;
        if (lend_as(lent, values, "values", 1, 'f', 8, rows, &found) < 0) return -1;
        sums->value = (double *)found.data;
        if (lend_as(lent, written, "written", 1, 'i', 8, 1, &found) < 0) return -1;
        sums->written = (int64_t *)found.data;
        sums->first = first;
        return 0;
    }
    if (lend_as(lent, given, "sums", 1, 'f', 8, -1, &found) < 0) return -1;
    uint64_t cells = (uint64_t)(found.length / per_cell);
    if (width < 0 || width > INT32_MAX || cells > UINT32_MAX) {
        outside("sums");
        return -1;
    }
    sums->table = (double *)found.data;
    sums->width = (uint32_t)width;
    sums->height = (uint32_t)(cells / (uint64_t)width);
    return 0;
}

/* Work out where some rows add; return whether there is a cell that there is not. */
static INLINE int places_of(const Sums *sums, const uint32_t *row, const int32_t *column, int n,
                            uint32_t *at) {
    const uint32_t width = sums->table != NULL ? sums->width : (uint32_t)INT32_MAX + 1;
    const uint32_t height = sums->table != NULL ? sums->height : UINT32_MAX;
    int bad = 0;
    for (int i = 0; i < n; i++) {
        at[i] = row[i] * width + (uint32_t)column[i];
        bad |= ((uint32_t)column[i] >= width) | (row[i] >= height);
    }
    return bad;
}

/* Add the values of some rows to their cells, or write them and their keys for later. */
static INLINE void add_values(const Sums *sums, const uint32_t *row, const int32_t *column, int n,
                              const uint32_t *at, const double *value) {
    if (sums->table != NULL) {
        double *sum = sums->table;
        for (int i = 0; i < n; i++) sum[at[i]] += value[i];
        return;
    }
    int64_t k = *sums->written;
    for (int i = 0; i < n; i++) {
        sums->key[k] = (int64_t)((uint64_t)row[i] << 32 | (uint32_t)column[i]);
        sums->value[k] = value[i];
        k += column[i] >= sums->first;
    }
    *sums->written = k;
}

/* One factor of the amounts: a column, or for each case its constant or one of some columns. */
typedef struct {
    const double *column;   /* the value of each row, where no case has a constant */
    uint64_t *constant;     /* by case, where there is one column or none: the bits of its constant, */
    uint64_t *chosen;       /* or those of the column, where they are all set */
    const double **from;    /* by case, where there are several: where its values are */
    uint64_t *step;         /* all bits where each row has its value, none where the case has one */
} Factor;

/* What a kind of flow adds. */
typedef struct {
    Keyed keyed;
    Factor *factors;
    Py_ssize_t count;
    Sums sums;
} Adding;

static void adding_close(Adding *adding, Py_ssize_t count) {
    for (Py_ssize_t k = 0; adding != NULL && k < count; k++) {
        for (Py_ssize_t f = 0; adding[k].factors != NULL && f < adding[k].count; f++) {
            free(adding[k].factors[f].constant);
            free(adding[k].factors[f].chosen);
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
    const size_t size = known > 0 ? (size_t)known : 1;
    if (width > 1) {
        factor->from = calloc(size, sizeof(double *));
        factor->step = calloc(size, sizeof(uint64_t));
    } else {
        factor->constant = calloc(size, sizeof(uint64_t));
        factor->chosen = calloc(size, sizeof(uint64_t));
    }
    if ((factor->from == NULL || factor->step == NULL) &&
        (factor->constant == NULL || factor->chosen == NULL)) {
        PyErr_NoMemory();
        return -1;
    }
    const int32_t *of_case = source.data;
    const double *number = constant.data;
    for (Py_ssize_t c = 0; c < known; c++) {
        if (of_case[c] < -1 || of_case[c] >= width) {
            outside("sources");
            return -1;
        }
        if (width > 1) factor->from[c] = number + c;
        else if (of_case[c] < 0) memcpy(&factor->constant[c], &number[c], sizeof(double));
        else factor->chosen[c] = ~(uint64_t)0;
    }
    for (Py_ssize_t k = 0; k < width; k++) {
        if (lend_as(lent, PyTuple_GetItem(columns, k), "values", 0, 'f', 8, rows, &values) < 0)
            return -1;
        if (width == 1) {
            factor->column = values.data;
            break;
        }
        for (Py_ssize_t c = 0; c < known; c++) {
            if (of_case[c] != k) continue;
            factor->from[c] = values.data;
            factor->step[c] = ~(uint64_t)0;
        }
    }
    return 0;
}

/* Lend what a kind adds: (parts, shift, column by key, factors, sums, width, later). */
static int lend_adding(Lent *lent, PyObject *given, Py_ssize_t rows, Adding *adding) {
    PyObject *parts, *column, *factors, *sums, *later;
    long long shift, width;
    if (!PyArg_ParseTuple(given, "OLOO!OLO", &parts, &shift, &column, &PyTuple_Type, &factors,
                          &sums, &width, &later) ||
        lend_keyed(lent, parts, shift, column, rows, &adding->keyed) < 0 ||
        lend_sums(lent, sums, width, later, rows, 1, &adding->sums) < 0)
        return -1;
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
static INLINE void amounts_of(const Adding *adding, const uint32_t *key, Py_ssize_t from, int n,
                              double *to) {
    for (Py_ssize_t f = 0; f < adding->count; f++) {
        const Factor *factor = &adding->factors[f];
        double made[FEW];
        const double *value = made;
        if (factor->from != NULL) {
            const double **of_case = factor->from;
            const uint64_t *step = factor->step;
            for (int i = 0; i < n; i++)
                made[i] = of_case[key[i]][(uint64_t)(from + i) & step[key[i]]];
        } else if (factor->constant != NULL) {
            const uint64_t *constant = factor->constant, *chosen = factor->chosen;
            uint64_t bits[FEW];
            if (factor->column == NULL) {
                for (int i = 0; i < n; i++) bits[i] = constant[key[i]];
            } else {
                memcpy(bits, factor->column + from, (size_t)n * sizeof(double));
                for (int i = 0; i < n; i++)
                    bits[i] = (bits[i] & chosen[key[i]]) | constant[key[i]];
            }
            memcpy(made, bits, (size_t)n * sizeof(double));
        } else {
            value = factor->column + from;
        }
        if (f == 0) memcpy(to, value, (size_t)n * sizeof(double));
        else
            for (int i = 0; i < n; i++) to[i] *= value[i];
    }
    if (adding->count == 0)
        for (int i = 0; i < n; i++) to[i] = 1.0;
}

/* Sums that a thread works at alone: so each cell is added to row after row, whoever does it.  More
 * kinds than these are one thread's. */
#define MOST_KINDS 32

typedef struct {
    const Adding *adding; /* and after them, the coverage by group and that by type */
    Py_ssize_t count, rows;
    Numbers groups, types;
    double largest;
    const double *quantity;
    const int32_t *joint;
    Sums by_group, by_type;
    unsigned char *hand; /* whose each is */
    int64_t unsound[MOST_PARTS];
    int bad[MOST_PARTS];
} Folding;

static INLINE void fold_rows(Folding *f, int hand) {
    int64_t unsound = 0;
    int bad = 0;
    for (Py_ssize_t b = 0; b < f->rows && !bad && !unsound; b += FEW) {
        int n = (int)(f->rows - b < FEW ? f->rows - b : FEW);
        uint32_t group[FEW], key[FEW], at[FEW];
        int32_t column[FEW];
        double amount[FEW];
        bad = numbers_of(&f->groups, b, n, group);
        for (Py_ssize_t k = 0; k < f->count && !bad && !unsound; k++) {
            const Adding *each = &f->adding[k];
            if (f->hand[k] != hand) continue;
            bad = keys_of(&each->keyed, b, n, key);
            if (bad) break;
            for (int i = 0; i < n; i++) column[i] = each->keyed.of_key[key[i]];
            amounts_of(each, key, b, n, amount);
            for (int i = 0; i < n; i++)
                unsound += (int64_t)(column[i] > 0) &
                           (int64_t)!((amount[i] >= 0.0) & (amount[i] <= f->largest));
            bad = places_of(&each->sums, group, column, n, at);
            if (!bad && !unsound) add_values(&each->sums, group, column, n, at, amount);
        }
        if (f->quantity == NULL || bad || unsound) continue;
        const int of_group = f->hand[f->count] == hand, of_type = f->hand[f->count + 1] == hand;
        const double *number = f->quantity + b;
        const int32_t *joint = f->joint + b;
        for (int i = 0; i < n; i++) amount[i] = number[i] == number[i] ? number[i] : 0.0;
        if (of_group) {
            bad = places_of(&f->by_group, group, joint, n, at);
            if (bad) break;
            if (f->by_group.table == NULL) add_values(&f->by_group, group, joint, n, at, amount);
            else
                for (int i = 0; i < n; i++) {
                    double *sum = f->by_group.table + 2 * (size_t)at[i];
                    sum[0] += amount[i];
                    sum[1] += 1.0;
                }
        }
        if (of_type) {
            bad = numbers_of(&f->types, b, n, group);
            bad |= places_of(&f->by_type, group, joint, n, at);
            if (!bad) add_values(&f->by_type, group, joint, n, at, amount);
        }
    }
    f->unsound[hand] = unsound;
    f->bad[hand] = bad;
}

FOR_PROCESSORS(fold_rows, Folding)

/* Share the sums out to so many hands, the longest work first to whoever has least. */
static int hands_of(Folding *f, int covered, int threads) {
    double load[MOST_PARTS] = {0.0}, cost[MOST_KINDS + 2];
    int members = (int)f->count + 2 * covered;
    int hands = threads < members ? threads : members;
    if (hands > MOST_PARTS) hands = MOST_PARTS;
    if (hands < 1 || f->count > MOST_KINDS || parts_of(f->rows, threads) == 1) hands = 1;
    for (Py_ssize_t k = 0; k < f->count && hands > 1; k++)
        for (Py_ssize_t j = 0; j < k; j++)
            if (f->adding[k].sums.table != NULL &&
                f->adding[k].sums.table == f->adding[j].sums.table)
                hands = 1; /* two kinds that share their sums */
    if (hands == 1) return 1;
    for (int k = 0; k < members; k++) { /* as measured, in nanoseconds a row */
        cost[k] = k == f->count ? 4.0 : 2.0;
        if (k >= f->count) continue;
        const Adding *each = &f->adding[k];
        uint64_t cells = (uint64_t)each->sums.height * each->sums.width;
        cost[k] = 2.5 + (double)each->count + (cells > 100000 ? 2.0 : 0.0);
    }
    for (int done = 0; done < members; done++) {
        int next = 0, least = 0;
        for (int k = 1; k < members; k++)
            if (cost[k] > cost[next]) next = k;
        for (int h = 1; h < hands; h++)
            if (load[h] < load[least]) least = h;
        load[least] += cost[next];
        cost[next] = -1.0;
        f->hand[next] = (unsigned char)least;
    }
    return hands;
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
        room += 4 + PyTuple_Size(parts);
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

/* fold(kinds, rows, groups, largest, coverage, threads) -> how many amounts cannot be
 *
 * For each kind: sums[groups[i] * width + column[key]] += product of its factors, row after row.
 * Counted is what has a column above 0 and an amount that is none, below 0 or beyond `largest`:
 * nothing is added to the sums of its kind from the block on that has one.  Coverage is None, or
 * (quantity, joint, types, by group, its width, later, by type, its width, later): quantity, 0 where
 * there is none, and a row to the first; quantity to the second.  Each of these sums is worked at by
 * one thread, and several at once. */
static PyObject *kernel_fold(PyObject *self, PyObject *args) {
    PyObject *kinds_given, *groups_given, *coverage, *result = NULL;
    PyObject *quantity_given, *joint_given, *types_given, *by_group_given, *by_type_given;
    PyObject *group_later, *type_later;
    Py_ssize_t rows;
    long long group_width = 0, type_width = 0;
    int threads;
    Lent lent;
    Array quantity, joint;
    Folding f = {0};
    Adding *adding = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!nOdOi", &PyTuple_Type, &kinds_given, &rows, &groups_given,
                          &f.largest, &coverage, &threads))
        return NULL;
    Py_ssize_t count = PyTuple_Size(kinds_given), room = room_of(kinds_given);
    if (room < 0 || rows < 0) {
        PyErr_SetString(PyExc_TypeError,
                        "kinds: expected (parts, shift, columns, factors, sums, width, later)");
        return NULL;
    }
    if (lent_open(&lent, room + 12) < 0) return NULL;
    adding = calloc(count > 0 ? (size_t)count : 1, sizeof(Adding));
    f.hand = calloc((size_t)count + 2, 1);
    if (adding == NULL || f.hand == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_numbers(&lent, groups_given, rows, &f.groups) < 0) goto done;
    int covered = coverage != Py_None;
    if (covered) {
        if (!PyTuple_Check(coverage) ||
            !PyArg_ParseTuple(coverage, "OOOOLOOLO", &quantity_given, &joint_given, &types_given,
                              &by_group_given, &group_width, &group_later, &by_type_given,
                              &type_width, &type_later)) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "coverage: expected a tuple");
            goto done;
        }
        if (lend_as(&lent, quantity_given, "quantity", 0, 'f', 8, rows, &quantity) < 0 ||
            lend_as(&lent, joint_given, "joint", 0, 'i', 4, rows, &joint) < 0 ||
            lend_numbers(&lent, types_given, rows, &f.types) < 0 ||
            lend_sums(&lent, by_group_given, group_width, group_later, rows, 2, &f.by_group) < 0 ||
            lend_sums(&lent, by_type_given, type_width, type_later, rows, 1, &f.by_type) < 0)
            goto done;
        f.quantity = quantity.data;
        f.joint = joint.data;
    }
    for (Py_ssize_t k = 0; k < count; k++)
        if (lend_adding(&lent, PyTuple_GetItem(kinds_given, k), rows, &adding[k]) < 0) goto done;
    f.adding = adding, f.count = count, f.rows = rows;
    int64_t unsound = 0;
    int bad = 0, hands = hands_of(&f, covered, threads);
    Py_BEGIN_ALLOW_THREADS
    in_parts(best_fold_rows, &f, hands, threads);
    for (int h = 0; h < hands; h++) {
        unsound += f.unsound[h];
        bad |= f.bad[h];
    }
    Py_END_ALLOW_THREADS
    if (bad) {
        outside("cells");
        goto done;
    }
    result = PyLong_FromLongLong((long long)unsound);
done:
    free(f.hand);
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

typedef struct {
    const double *values;
    uint8_t *out;
    Py_ssize_t rows;
    double largest, smallest, low, high;
    int exclusive;
    int64_t found;
} Bounding;

static INLINE int is_outside(const Bounding *w, double x) {
    return (fabs(x) > w->largest) | (fabs(x) < w->smallest) | (x < w->low) | (x > w->high) |
           (w->exclusive & (x == w->low));
}

static INLINE void bound_rows(Bounding *w, int part) {
    (void)part;
    for (Py_ssize_t b = 0; b < w->rows; b += BLOCK) {
        int n = (int)(w->rows - b < BLOCK ? w->rows - b : BLOCK);
        const double *x = w->values + b;
        int64_t here = 0; /* mostly none: counted alone, which is quick, before any is marked */
        for (int i = 0; i < n; i++) here += (int64_t)is_outside(w, x[i]);
        if (here == 0) {
            memset(w->out + b, 0, (size_t)n);
            continue;
        }
        w->found += here;
        for (int i = 0; i < n; i++) w->out[b + i] = (uint8_t)is_outside(w, x[i]);
    }
}

FOR_PROCESSORS(bound_rows, Bounding)

/* outside(values, largest, smallest, low, high, exclusive, out) -> how many: |x| above
 * `largest` or below `smallest` (what divides; 0 for no such bound), x below `low` (or at
 * it, where it is exclusive), above `high`; NaN is not.  Infinite bounds bound nothing. */
static PyObject *kernel_outside(PyObject *self, PyObject *args) {
    PyObject *values_given, *out_given;
    Lent lent;
    Array values, out;
    Bounding w = {0};
    (void)self;
    if (!PyArg_ParseTuple(args, "OddddpO", &values_given, &w.largest, &w.smallest, &w.low, &w.high,
                          &w.exclusive, &out_given))
        return NULL;
    if (lent_open(&lent, 2) < 0) return NULL;
    if (lend_as(&lent, values_given, "values", 0, 'f', 8, -1, &values) < 0 ||
        lend_as(&lent, out_given, "out", 1, 'u', 1, values.length, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    w.values = values.data, w.out = (uint8_t *)out.data, w.rows = values.length;
    Py_BEGIN_ALLOW_THREADS
    best_bound_rows(&w, 0);
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    return PyLong_FromLongLong((long long)w.found);
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

typedef struct {
    const Hashed *columns;
    Py_ssize_t count, rows;
    uint64_t start, blank, total[MOST_PARTS];
    int bad[MOST_PARTS], parts;
} Digesting;

static INLINE void digest_rows(Digesting *d, int part) {
    const Span span = span_of(d->rows, d->parts, part);
    uint64_t total = 0;
    int bad = 0;
    for (Py_ssize_t b = span.from; b < span.to; b += BLOCK) {
        int n = (int)(span.to - b < BLOCK ? span.to - b : BLOCK);
        uint64_t state[BLOCK];
        for (int i = 0; i < n; i++) state[i] = d->start;
        for (Py_ssize_t k = 0; k < d->count; k++) {
            const Hashed *each = &d->columns[k];
            const uint64_t salt = each->salt;
            if (each->kind == 'c') {
                const uint64_t *cell = (const uint64_t *)each->first.data + b;
                for (int i = 0; i < n; i++) state[i] += cell[i] * salt;
            } else if (each->kind == 'w') {
                const int32_t *code = (const int32_t *)each->first.data + b;
                const uint64_t *word = each->second.data;
                const uint32_t size = (uint32_t)each->second.length;
                for (int i = 0; i < n; i++) {
                    uint32_t at = code[i] == -1 ? size - 1 : (uint32_t)code[i];
                    int none = at >= size;
                    bad |= none;
                    state[i] += word[none ? 0 : at];
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
                        bits += mask & (d->blank + 1); /* of all bits set, as blank cells have */
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
    d->total[part] = total;
    d->bad[part] = bad;
}

FOR_PROCESSORS(digest_rows, Digesting)

/* digest(columns, start, blank, rows, threads) -> sum modulo 2**64 of the hashes of the rows
 *
 * A column is (kind, array, array or None, salt): "c" hashed cells; "n" floats, and where they are
 * blank; "w" codes of words, and the hash of each word times the salt (code -1 is the last). */
static PyObject *kernel_digest(PyObject *self, PyObject *args) {
    PyObject *given, *result = NULL;
    unsigned long long start, blank;
    Py_ssize_t rows;
    int threads;
    Lent lent;
    Hashed *columns = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "O!KKni", &PyTuple_Type, &given, &start, &blank, &rows, &threads))
        return NULL;
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
            if (!failed && (each->second.length > INT32_MAX || (each->second.length == 0 && rows > 0))) {
                outside("words");
                failed = 1;
            }
        } else {
            PyErr_SetString(PyExc_ValueError, "kind: expected c, n or w");
        }
        if (failed) goto done;
    }
    Digesting d = {.columns = columns, .count = count, .rows = rows, .start = start, .blank = blank};
    d.parts = parts_of(rows, threads);
    uint64_t total = 0;
    int bad = 0;
    Py_BEGIN_ALLOW_THREADS
    in_parts(best_digest_rows, &d, d.parts, threads);
    for (int p = 0; p < d.parts; p++) {
        total += d.total[p];
        bad |= d.bad[p];
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
    {"contents", kernel_contents, METH_VARARGS, "Read a file into large pages of memory."},
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
#define INTERFACE 6

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

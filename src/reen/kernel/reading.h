/* The loops that read text: part of `_compiled.c`, which knows nothing of them but their names.
 *
 * Each does what pyarrow and numpy do where there is no kernel, and gives the very same; what it is
 * not sure of it leaves to them.  Nothing is read outside of the bytes that are given, nothing
 * written outside of an array.
 */

/* Bytes are looked at eight together, the first in the lowest place of a word. */
#define ALL(byte) (0x0101010101010101ull * (uint8_t)(byte))
#define HIGH_BITS ALL(0x80)

static uint64_t eight(const uint8_t *p) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
#else
    uint64_t word = 0;
    for (int k = 0; k < 8; k++) word |= (uint64_t)p[k] << (8 * k);
    return word;
#endif
}

/* The bytes from `p` on, at most eight of them; none of those after is read. */
static uint64_t fewer(const uint8_t *p, Py_ssize_t length) {
    uint64_t word = 0;
    for (Py_ssize_t k = 0; k < length && k < 8; k++) word |= (uint64_t)p[k] << (8 * k);
    return word;
}

/* The highest bit of each byte that is zero, and of no other. */
static inline uint64_t zeros(uint64_t word) {
    return ~(((word & ~HIGH_BITS) + ~HIGH_BITS) | word | ~HIGH_BITS);
}

static int first_bit(uint64_t word) {
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_ctzll(word);
#else
    int place = 0;
    while (!(word & 1)) {
        word >>= 1;
        place++;
    }
    return place;
#endif
}

/* Where one of two bytes stands among the next `TOGETHER`: bits, `BITS` of them for each byte. */
#if defined(__SSE2__)
#include <emmintrin.h>
#define TOGETHER 64
#define BITS 1
static uint64_t either(const uint8_t *p, uint8_t one, uint8_t other) {
    const __m128i ones = _mm_set1_epi8((char)one), others = _mm_set1_epi8((char)other);
    uint64_t found = 0;
    for (int k = 0; k < 4; k++) {
        __m128i here = _mm_loadu_si128((const __m128i *)(p + 16 * k));
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(here, ones), _mm_cmpeq_epi8(here, others));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(hits) << (16 * k);
    }
    return found;
}
#else
#define TOGETHER 8
#define BITS 8
static uint64_t either(const uint8_t *p, uint8_t one, uint8_t other) {
    uint64_t word = eight(p);
    return zeros(word ^ ALL(one)) | zeros(word ^ ALL(other));
}
#endif

/* ---- the bytes of a whole text -------------------------------------------------------------- */

/* The length of the character of UTF-8 that begins with a byte beyond ASCII, 0 when it is none. */
static int character(const uint8_t *p, Py_ssize_t left) {
    uint8_t first = p[0];
    if (first >= 0xC2 && first <= 0xDF) return left > 1 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (left < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        if (first == 0xE0 && p[1] < 0xA0) return 0; /* fits two bytes */
        if (first == 0xED && p[1] > 0x9F) return 0; /* half of a pair of UTF-16 */
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (left < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80)
            return 0;
        if (first == 0xF0 && p[1] < 0x90) return 0;
        if (first == 0xF4 && p[1] > 0x8F) return 0; /* beyond the last character */
        return 4;
    }
    return 0;
}

#define LOOKED_FOR 5
#define PIECE 240 /* a multiple of eight; lines of a piece fit a byte */

/* survey(data, looked_for, seen) -> lines, or -1 when the bytes are no UTF-8
 *
 * seen[byte] = 1 for those of the bytes looked for (of ASCII, at most five) that are there, and
 * for all bytes beyond ASCII. */
static PyObject *kernel_survey(PyObject *self, PyObject *args) {
    PyObject *given[3];
    Lent lent;
    Array data, looked_for, seen;
    int64_t lines = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOO", &given[0], &given[1], &given[2])) return NULL;
    if (lent_open(&lent, 3) < 0) return NULL;
    if (lend_as(&lent, given[0], "data", 0, 'u', 1, -1, &data) < 0 ||
        lend_as(&lent, given[1], "looked_for", 0, 'u', 1, -1, &looked_for) < 0 ||
        lend_as(&lent, given[2], "seen", 1, 'u', 1, 256, &seen) < 0) {
        lent_close(&lent);
        return NULL;
    }
    if (looked_for.length > LOOKED_FOR) {
        lent_close(&lent);
        PyErr_SetString(PyExc_ValueError, "looked_for: expected at most five bytes of ASCII");
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const uint8_t *p = data.data;
    uint8_t *there = (uint8_t *)seen.data;
    uint8_t wanted[LOOKED_FOR], found[LOOKED_FOR] = {0};
    Py_ssize_t n = data.length, from = 0; /* the first byte that no character has yet */
    for (int k = 0; k < LOOKED_FOR; k++) /* line ends, where fewer are looked for */
        wanted[k] = k < looked_for.length ? ((const uint8_t *)looked_for.data)[k] : '\n';
    for (Py_ssize_t b = 0; b < n && lines >= 0; b += PIECE) {
        int size = (int)(n - b < PIECE ? n - b : PIECE);
        const uint8_t *q = p + b;
        uint8_t ends = 0, high = 0, f[LOOKED_FOR] = {0};
        for (int i = 0; i < size; i++) {
            uint8_t c = q[i];
            high |= c;
            ends += c == '\n';
            f[0] |= c == wanted[0];
            f[1] |= c == wanted[1];
            f[2] |= c == wanted[2];
            f[3] |= c == wanted[3];
            f[4] |= c == wanted[4];
        }
        lines += ends;
        for (int k = 0; k < LOOKED_FOR; k++) found[k] |= f[k];
        if (high < 0x80) continue;
        Py_ssize_t at = from > b ? from : b, end = b + size;
        while (at < end) {
            if (at + 8 <= end) {
                uint64_t bits = eight(p + at) & HIGH_BITS;
                if (!bits) {
                    at += 8;
                    continue;
                }
                at += first_bit(bits) >> 3;
            } else if (p[at] < 0x80) {
                at++;
                continue;
            }
            int length = character(p + at, n - at);
            if (!length) {
                lines = -1;
                break;
            }
            for (; length; length--) there[p[at++]] = 1;
        }
        from = at;
    }
    for (int k = 0; k < looked_for.length; k++) there[wanted[k]] |= found[k];
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    return PyLong_FromLongLong((long long)lines);
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* A word of a column, where it is kept, and what it is told by. */
typedef struct {
    uint64_t print, first, last;
    int32_t start, length, code; /* code -1: no word */
} Word;

typedef struct {
    int encoded;
    int32_t *numbers;   /* codes, -1 for blank; or where each cell ends, after a zero */
    uint8_t *content;   /* the distinct words, or all cells, end to end */
    int32_t *ends;      /* of the distinct words, after a zero */
    uint8_t *filled;    /* of text: whether a cell is not blank */
    Py_ssize_t room, most; /* of content, of words */
    Py_ssize_t used, count, blanks;
    Word *words; /* `places` of them, a power of two, of which at most half are taken */
    uint64_t places;
} Column;

#define NOT_CLEAN (-1)
#define FULL_TEXT (-2)
#define FULL_WORDS (-3)
#define NO_MEMORY INT64_MIN

/* Few words are looked up in few places, which stay in the processor's first cache. */
#define FEWEST_PLACES 64

/* Give the words of a column so many places. */
static int make_places(Column *column, uint64_t places) {
    Word *words = malloc((size_t)places * sizeof(Word));
    if (words == NULL) return -1;
    for (uint64_t i = 0; i < places; i++) words[i].code = -1;
    for (uint64_t i = 0; i < column->places; i++) {
        if (column->words[i].code < 0) continue;
        uint64_t place = column->words[i].print & (places - 1);
        while (words[place].code >= 0) place = (place + 1) & (places - 1);
        words[place] = column->words[i];
    }
    free(column->words);
    column->words = words;
    column->places = places;
    return 0;
}

#define MIXER 0x9E3779B97F4A7C15ull

static uint64_t mixed(uint64_t print) {
    print *= MIXER;
    return print ^ (print >> 29);
}

/* The beginning and the end of a cell, which are all of it up to sixteen bytes. */
static void ends_of(const uint8_t *cell, Py_ssize_t length, const uint8_t *end, uint64_t *first,
                    uint64_t *last) {
    if (length >= 8) {
        *first = eight(cell);
        *last = eight(cell + length - 8);
    } else {
        uint64_t word = cell + 8 <= end ? eight(cell) & ~(~0ull << (8 * length)) : fewer(cell, length);
        *first = word;
        *last = word;
    }
}

static uint64_t print_of(const uint8_t *cell, Py_ssize_t length, uint64_t first, uint64_t last) {
    uint64_t print = mixed(first ^ mixed(last ^ (uint64_t)length * MIXER));
    for (Py_ssize_t k = 8; k + 8 < length; k += 8) print = mixed(print ^ eight(cell + k));
    return print;
}

static int add_word(Column *column, Py_ssize_t row, const uint8_t *cell, Py_ssize_t length,
                    const uint8_t *end) {
    uint64_t first, last;
    if (length == 0) {
        column->numbers[row] = -1;
        column->blanks++;
        return 0;
    }
    ends_of(cell, length, end, &first, &last);
    if (2 * (uint64_t)column->count >= column->places && column->count < column->most &&
        make_places(column, 2 * column->places) < 0)
        return -1;
    uint64_t print = print_of(cell, length, first, last);
    uint64_t place = print & (column->places - 1);
    for (;; place = (place + 1) & (column->places - 1)) {
        Word *word = &column->words[place];
        if (word->code < 0) {
            if (column->count >= column->most) return FULL_WORDS;
            if (length > column->room - column->used) return FULL_TEXT;
            memcpy(column->content + column->used, cell, (size_t)length);
            *word = (Word){print, first, last, (int32_t)column->used, (int32_t)length,
                           (int32_t)column->count};
            column->used += length;
            column->ends[++column->count] = (int32_t)column->used;
            column->numbers[row] = word->code;
            return 0;
        }
        if (word->print == print && word->first == first && word->last == last &&
            word->length == length &&
            (length <= 16 ||
             memcmp(column->content + word->start, cell, (size_t)length) == 0)) {
            column->numbers[row] = word->code;
            return 0;
        }
    }
}

static int add_text(Column *column, Py_ssize_t row, const uint8_t *cell, Py_ssize_t length,
                    const uint8_t *end) {
    Py_ssize_t left = column->room - column->used;
    if (length > left) return FULL_TEXT;
    uint8_t *to = column->content + column->used;
    if (length <= 16 && cell + 16 <= end && left >= 16) memcpy(to, cell, 16);
    else memcpy(to, cell, (size_t)length);
    column->used += length;
    column->numbers[row + 1] = (int32_t)column->used;
    column->filled[row] = length > 0;
    column->blanks += length == 0;
    return 0;
}

/* cut(data, delimiter, rows, columns, places, used) -> rows, or -1 - what is not as it has to be
 *
 * The cells of rows that end with LF or CRLF, with as many cells each as there are columns, without
 * quotation marks.  A column is None; or (numbers, content, filled) of text; or (codes, content,
 * ends) of words.  `places` is memory for the words.  used: for each column, bytes, words, blanks.
 *
 * -1: another number of cells or rows; -2 - 2 * column: its content is full; -3 - 2 * column: it
 * has too many words. */
static PyObject *kernel_cut(PyObject *self, PyObject *args) {
    PyObject *data_given, *given, *used_given;
    long long delimiter, rows;
    Lent lent;
    Array data, used;
    Column *columns = NULL;
    PyObject *result = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "OLLO!O", &data_given, &delimiter, &rows, &PyTuple_Type, &given,
                          &used_given))
        return NULL;
    Py_ssize_t width = PyTuple_Size(given);
    if (lent_open(&lent, 2 + 3 * width) < 0) return NULL;
    columns = calloc(width > 0 ? (size_t)width : 1, sizeof(Column));
    if (columns == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (lend_as(&lent, data_given, "data", 0, 'u', 1, -1, &data) < 0 ||
        lend_as(&lent, used_given, "used", 1, 'i', 8, 3 * width, &used) < 0)
        goto done;
    if (rows < 0 || width < 2 || data.length > INT32_MAX || delimiter < 1 || delimiter > 127) {
        PyErr_SetString(PyExc_ValueError, "cut: expected two columns of at most 2 GB of text");
        goto done;
    }
    for (Py_ssize_t k = 0; k < width; k++) {
        PyObject *one = PyTuple_GetItem(given, k), *parts[3];
        Array numbers, content, other;
        Column *column = &columns[k];
        if (one == Py_None) continue;
        if (!PyArg_ParseTuple(one, "OOO", &parts[0], &parts[1], &parts[2])) goto done;
        if (lend_as(&lent, parts[0], "numbers", 1, 'i', 4, -1, &numbers) < 0 ||
            lend_as(&lent, parts[1], "content", 1, 'u', 1, -1, &content) < 0 ||
            lend(&lent, parts[2], "ends", 1, &other) < 0)
            goto done;
        column->encoded = other.kind == 'i';
        if (other.size != (column->encoded ? 4 : 1) || content.length > INT32_MAX ||
            numbers.length != rows + !column->encoded ||
            (column->encoded ? other.length < 1 : other.length != rows)) {
            PyErr_SetString(PyExc_ValueError, "cut: arrays of other lengths than there are rows");
            goto done;
        }
        column->numbers = (int32_t *)numbers.data;
        column->content = (uint8_t *)content.data;
        column->room = content.length;
        if (!column->encoded) {
            column->filled = (uint8_t *)other.data;
            column->numbers[0] = 0;
            continue;
        }
        column->ends = (int32_t *)other.data;
        column->ends[0] = 0;
        column->most = other.length - 1;
        if (make_places(column, FEWEST_PLACES) < 0) {
            PyErr_NoMemory();
            goto done;
        }
    }
    int64_t row = 0, fault = 0;
    Py_BEGIN_ALLOW_THREADS
    const uint8_t *p = data.data, *end = p + data.length, *cell = p, *at = p;
    Py_ssize_t k = 0;
    uint64_t marks = 0;
    while (!fault) {
        while (!marks && end - at >= TOGETHER) {
            marks = either(at, (uint8_t)delimiter, '\n');
            at += TOGETHER;
        }
        const uint8_t *stop;
        if (marks) {
            stop = at - TOGETHER + first_bit(marks) / BITS;
            marks &= marks - 1;
        } else {
            while (at < end && *at != delimiter && *at != '\n') at++;
            if (at == end && cell == end && k == 0) break; /* the last line had an end */
            stop = at < end ? at++ : end;
        }
        int is_last = stop == end || *stop == '\n';
        if (is_last != (k == width - 1) || row >= rows) {
            fault = NOT_CLEAN;
            break;
        }
        Column *column = &columns[k];
        if (column->numbers != NULL) {
            Py_ssize_t length = stop - cell;
            if (is_last && length > 0 && stop < end && stop[-1] == '\r') length--;
            int full = column->encoded ? add_word(column, row, cell, length, end)
                                       : add_text(column, row, cell, length, end);
            if (full) fault = full == -1 ? NO_MEMORY : full - 2 * (int64_t)k;
        }
        if (stop == end) {
            row++;
            break;
        }
        cell = stop + 1;
        if (is_last) {
            k = 0;
            row++;
        } else {
            k++;
        }
    }
    Py_END_ALLOW_THREADS
    if (fault == NO_MEMORY) {
        PyErr_NoMemory();
        goto done;
    }
    if (!fault && row != rows) fault = NOT_CLEAN;
    int64_t *told = (int64_t *)used.data;
    for (Py_ssize_t i = 0; i < width; i++) {
        told[3 * i] = columns[i].used;
        told[3 * i + 1] = columns[i].count;
        told[3 * i + 2] = columns[i].blanks;
    }
    result = PyLong_FromLongLong((long long)(fault ? fault : row));
done:
    if (columns != NULL)
        for (Py_ssize_t k = 0; k < width; k++) free(columns[k].words);
    free(columns);
    lent_close(&lent);
    return result;
}

/* ---- cells of a column ---------------------------------------------------------------------- */

#define LONGEST 64
#define LANES 512

/* bounds(spans, content, blank, low, high) -> whether all cells are of one length
 *
 * They are as long as `low` and `high`, and not blank (None: none is); these are the lowest and the
 * highest byte at each place. */
static PyObject *kernel_bounds(PyObject *self, PyObject *args) {
    PyObject *given[5];
    Lent lent;
    Array spans, content, blank, low, high;
    int same = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOOO", &given[0], &given[1], &given[2], &given[3], &given[4]))
        return NULL;
    if (lent_open(&lent, 5) < 0) return NULL;
    blank.data = NULL;
    if (lend_as(&lent, given[0], "spans", 0, 'i', 4, -1, &spans) < 0 ||
        lend_as(&lent, given[1], "content", 0, 'u', 1, -1, &content) < 0 ||
        (given[2] != Py_None &&
         lend_as(&lent, given[2], "blank", 0, 'u', 1, spans.length - 1, &blank) < 0) ||
        lend_as(&lent, given[3], "low", 1, 'u', 1, -1, &low) < 0 ||
        lend_as(&lent, given[4], "high", 1, 'u', 1, low.length, &high) < 0) {
        lent_close(&lent);
        return NULL;
    }
    const int width = (int)low.length;
    if (low.length < 1 || low.length > LONGEST || spans.length < 2) {
        lent_close(&lent);
        PyErr_SetString(PyExc_ValueError, "bounds: expected cells of one to 64 bytes");
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int32_t *span = spans.data;
    const uint8_t *empty = blank.data;
    Py_ssize_t rows = spans.length - 1;
    int32_t differs = 0;
    if (empty == NULL)
        for (Py_ssize_t i = 0; i < rows; i++) differs |= (span[i + 1] - span[i]) ^ width;
    else
        for (Py_ssize_t i = 0; i < rows; i++)
            differs |= (span[i + 1] - span[i]) ^ (empty[i] ? 0 : width);
    Py_ssize_t begin = span[0], stop = span[rows];
    same = !differs && begin >= 0 && stop - begin >= width && stop <= content.length;
    if (same) {
        uint8_t lo[LANES], hi[LANES];
        const int together = LANES / width * width;
        const uint8_t *p = (const uint8_t *)content.data + begin, *end = p + (stop - begin);
        memset(lo, 0xFF, sizeof lo);
        memset(hi, 0, sizeof hi);
        for (; end - p >= together; p += together)
            for (int k = 0; k < together; k++) {
                lo[k] = p[k] < lo[k] ? p[k] : lo[k];
                hi[k] = p[k] > hi[k] ? p[k] : hi[k];
            }
        for (int k = 0; p < end; p++, k++) {
            lo[k] = *p < lo[k] ? *p : lo[k];
            hi[k] = *p > hi[k] ? *p : hi[k];
        }
        uint8_t *to_low = (uint8_t *)low.data, *to_high = (uint8_t *)high.data;
        memcpy(to_low, lo, (size_t)width);
        memcpy(to_high, hi, (size_t)width);
        for (int k = width; k < together; k++) {
            uint8_t *l = &to_low[k % width], *h = &to_high[k % width];
            *l = lo[k] < *l ? lo[k] : *l;
            *h = hi[k] > *h ? hi[k] : *h;
        }
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    return PyBool_FromLong(same);
}

/* repeats(prints, out): out[i] = 1 where another number is the same. */
static PyObject *kernel_repeats(PyObject *self, PyObject *args) {
    PyObject *given[2];
    Lent lent;
    Array prints, out;
    int32_t *table = NULL;
    (void)self;
    if (!PyArg_ParseTuple(args, "OO", &given[0], &given[1])) return NULL;
    if (lent_open(&lent, 2) < 0) return NULL;
    if (lend_as(&lent, given[0], "prints", 0, 'u', 8, -1, &prints) < 0 ||
        lend_as(&lent, given[1], "out", 1, 'u', 1, prints.length, &out) < 0) {
        lent_close(&lent);
        return NULL;
    }
    int bits = 4;
    while (bits < 31 && ((Py_ssize_t)1 << bits) < 2 * prints.length) bits++;
    if (prints.length >= (Py_ssize_t)1 << 30 ||
        (table = calloc((size_t)1 << bits, sizeof(int32_t))) == NULL) {
        lent_close(&lent);
        return PyErr_NoMemory();
    }
    Py_BEGIN_ALLOW_THREADS
    const uint64_t *print = prints.data, last = ((uint64_t)1 << bits) - 1;
    uint8_t *to = (uint8_t *)out.data;
    memset(to, 0, (size_t)prints.length);
#define AHEAD 16
    for (Py_ssize_t i = 0; i < prints.length; i++) {
#if defined(__GNUC__) || defined(__clang__)
        if (i + AHEAD < prints.length) __builtin_prefetch(&table[print[i + AHEAD] >> (64 - bits)]);
#endif
        uint64_t place = print[i] >> (64 - bits);
        while (table[place] && print[table[place] - 1] != print[i]) place = (place + 1) & last;
        if (table[place]) to[i] = to[table[place] - 1] = 1;
        else table[place] = (int32_t)(i + 1);
    }
#undef AHEAD
    Py_END_ALLOW_THREADS
    free(table);
    lent_close(&lent);
    Py_RETURN_NONE;
}

/* number(codes, others, width, table, numbers, firsts) -> count
 *
 * Number the pairs of two codes in the order in which they come: key = code * width + other + 1;
 * `table` has a zero for each key.  firsts[number] is the first row that has it. */
static PyObject *kernel_number(PyObject *self, PyObject *args) {
    PyObject *given[5];
    long long width;
    Lent lent;
    Array codes, others, table, numbers, firsts;
    int64_t bad = 0, count = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOLOOO", &given[0], &given[1], &width, &given[2], &given[3],
                          &given[4]))
        return NULL;
    if (lent_open(&lent, 5) < 0) return NULL;
    if (lend_as(&lent, given[0], "codes", 0, 'i', 4, -1, &codes) < 0 ||
        lend_as(&lent, given[1], "others", 0, 'i', 4, codes.length, &others) < 0 ||
        lend_as(&lent, given[2], "table", 1, 'i', 4, -1, &table) < 0 ||
        lend_as(&lent, given[3], "numbers", 1, 'i', 4, codes.length, &numbers) < 0 ||
        lend_as(&lent, given[4], "firsts", 1, 'i', 8, -1, &firsts) < 0) {
        lent_close(&lent);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    const int32_t *code = codes.data, *other = others.data;
    int32_t *to = (int32_t *)table.data, *out = (int32_t *)numbers.data;
    int64_t *first = (int64_t *)firsts.data;
    const uint64_t size = (uint64_t)table.length;
    for (Py_ssize_t i = 0; i < codes.length; i++) {
        uint64_t key = (uint64_t)code[i] * (uint64_t)width + (uint64_t)(int64_t)other[i] + 1;
        if (key >= size || (to[key] == 0 && count >= firsts.length)) {
            bad++;
            continue;
        }
        if (to[key] == 0) {
            first[count] = i;
            to[key] = (int32_t)++count;
        }
        out[i] = to[key] - 1;
    }
    Py_END_ALLOW_THREADS
    lent_close(&lent);
    if (bad) return outside("keys");
    return PyLong_FromLongLong((long long)count);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile program files: what the reader and the verifier accept is run with small limits, and nothing bad may come of it.
 *
 * The checksum is put right first, so that the fuzzer reaches what is behind it.
 */
#include "tests/fuzz/fuzz_common.h"
#include "tests/tools/machine.h"
#include "tests/tools/repair.h"

#define HEADER REPAIR_HEADER
#define SECTION 20u
#define CODE_SECTION 1u /* constants are before it */

/* The fuzzer's, when there is one. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/* A copy with the length and the checksum that its bytes have. */
static uint8_t *repair(const uint8_t *bytes, size_t len)
{
    uint8_t *file = malloc(len + 1);
    if (file == NULL)
        return NULL;
    if (len != 0)
        memcpy(file, bytes, len);
    repair_program(file, len);
    return file;
}

static uint64_t load(const uint8_t *p, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

/* Often changes one field of one word of code to something small: most of these are still programs. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    const uint8_t *head = data + HEADER + CODE_SECTION * SECTION;
    if (size >= HEADER + (CODE_SECTION + 1) * SECTION && seed % 8 != 0) {
        uint64_t words = load(head, 4), at = load(head + 4, 8);
        if (words != 0 && at <= size && words <= (size - at) / 8) {
            seed = seed * 2654435761u;
            uint8_t *word = data + at + (seed >> 8) % words * 8;
            static const uint8_t fields[] = {0, 1, 2, 4, 6, 0, 4, 2};
            word[fields[seed % COUNT_OF(fields)]] = (uint8_t)((seed >> 20) % (seed & 64 ? 64 : 8));
            return size;
        }
    }
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, max_size) : size;
}

static void run_entries(struct machine *m)
{
    static const char data[] = "{\"a\":{\"b\":[1,{\"c\":\"d\"}]},\"system\":{}}";
    struct value d = machine_json(m, data), v;
    size_t entries = program_get_tables(m->program)->entries_count;
    for (uint32_t i = 0; i < entries && i < 4; i++) {
        struct err e = {0};
        struct buf out;
        (void)vm_begin(m->vm);
        if (vm_eval(m->vm, i, d, d, &v, &e) == 0 && v.kind != VALUE_UNDEFINED) {
            buf_init(&out, vm_arena(m->vm));
            json_write(&out, v, JSON_COMPACT);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct machine m;
    struct alloc alloc = alloc_default();
    uint8_t *file = repair(bytes, len);
    if (file == NULL)
        return 0;
    machine_init(&m);
    m.options.limits.fuel = 20000;
    m.options.limits.memory = (uint64_t)4 << 20;
    m.options.limits.call_depth = 64;
    m.options.limits.program_bytes = (uint64_t)1 << 20;
    if (program_read(file, len, &machine_link, &alloc, &m.options.limits, &m.program, &m.e) == 0) {
        struct buf listing;
        buf_init(&listing, &m.arena);
        program_disassemble(m.program, NONE, &listing);
        if (machine_start(&m))
            run_entries(&m);
    }
    machine_fini(&m);
    free(file);
    return 0;
}

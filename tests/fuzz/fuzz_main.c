/* SPDX-License-Identifier: Apache-2.0
 *
 * Replays files through a fuzz target: every file named, and every file in every folder named.
 *
 * Each input lies in a block of exactly its size, so that a sanitizer sees the first byte read past it.
 */
#include "tests/fuzz/fuzz_common.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (f == NULL || fstat(fileno(f), &st) != 0) {
        perror(path);
        return -1;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size == 0 ? 1 : size);
    if (data == NULL || fread(data, 1, size, f) != size) {
        fprintf(stderr, "%s: cannot read it\n", path);
        exit(1);
    }
    fclose(f);
    (void)LLVMFuzzerTestOneInput(data, size); /* always 0 */
    free(data);
    return 0;
}

static int replay_folder(const char *path, unsigned *count)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return -1;
    int failed = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char name[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        failed |= replay(name);
        (*count)++;
    }
    closedir(d);
    return failed;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
            failed |= replay_folder(argv[i], &count);
        } else {
            failed |= replay(argv[i]);
            count++;
        }
    }
    printf("%u passed, %d failed, 0 skipped\n", count, failed ? 1 : 0);
    return failed ? 1 : 0;
}

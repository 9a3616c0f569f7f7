/* SPDX-License-Identifier: Apache-2.0
 *
 * What every public header of quis shares: linkage, version, the slice of bytes.
 *
 * Conventions of the whole interface. Handles are opaque; every *_free and *_unref accepts NULL. Functions that can fail return
 * 0 or -1 and fill in a struct quis_error that the caller owns; every function accepts NULL for it. Out-pointers are written on
 * success only. Text goes in as pointer and length, in UTF-8, without a terminating NUL. No function prints, exits, reads the
 * environment, changes the locale, installs signal handlers or starts threads, and there is no global state.
 * Threads: engines, programs and documents may be shared by any number of threads; compilers and VMs are one thread's at a time.
 */
#ifndef QUIS_API_H
#define QUIS_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUIS_VERSION_MAJOR 0
#define QUIS_VERSION_MINOR 1
#define QUIS_VERSION_PATCH 0
#define QUIS_VERSION_NUMBER (QUIS_VERSION_MAJOR * 1000000 + QUIS_VERSION_MINOR * 1000 + QUIS_VERSION_PATCH)

#if defined(__GNUC__)
#define QUIS_API __attribute__((visibility("default")))
#else
#define QUIS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A borrowed run of bytes. */
struct quis_text {
    const char *data;
    size_t size;
};

/* QUIS_VERSION_NUMBER of the library that runs, to be compared with the one compiled against. */
QUIS_API int quis_version_number(void);

/* "0.1.0". A static string. */
QUIS_API const char *quis_version(void);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * All of the public interface.
 */
#ifndef QUIS_H
#define QUIS_H

#include <quis/compiler.h>
#include <quis/vm.h>

#endif

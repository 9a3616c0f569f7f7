# SPDX-License-Identifier: Apache-2.0
"""absent.py FOLDER OUTPUT: functions of builtins.def that no source defines; OUTPUT gets functions that fail for them."""
import glob
import re
import sys

folder, output = sys.argv[1:]
wanted = set(re.findall(r'^BUILTIN\("[^"]+", (bif_\w+)', open(folder + "/builtins.def").read(), re.M))
text = "".join(open(f).read() for f in glob.glob(folder + "/*.c"))
absent = sorted(n for n in wanted if not re.search(r"\b%s\(struct bi_ctx \*|^[A-Z_0-9]+\([^;\n]*\b%s\b" % (n, n), text, re.M))
with open(output, "w") as f:
    f.write('#include "stdlib/builtins.h"\n')
    for n in absent:
        f.write('__attribute__((weak)) int %s(struct bi_ctx *ctx, const struct value *argv, struct value *ret)\n'
                '{\n    (void)argv;\n    (void)ret;\n    return bi_fail(ctx, "not available");\n}\n' % n)
print(" ".join(absent))

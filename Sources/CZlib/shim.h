#ifndef DROVER_CZLIB_SHIM_H
#define DROVER_CZLIB_SHIM_H

#include <zlib.h>

/* A macro that Swift's importer cannot read. 16 more than the largest window asks for gzip's frame. */
static inline int czlib_begin_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif

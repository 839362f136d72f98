#ifndef DROVER_COPENSSL_SHIM_H
#define DROVER_COPENSSL_SHIM_H

/* Hashes: the system's library has them, and librabbitmq brings it along anyway. */
#include <openssl/sha.h>

#endif

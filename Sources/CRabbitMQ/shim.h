#ifndef DROVER_CRABBITMQ_SHIM_H
#define DROVER_CRABBITMQ_SHIM_H

/* Everything of librabbitmq that Swift sees. What its importer cannot read (macros that expand to
 * compound values, variadic functions) gets a function here; nothing else belongs in this file. */

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

/* AMQP_EMPTY_BYTES and AMQP_EMPTY_TABLE expand to globals through a macro. */
static inline amqp_bytes_t crabbitmq_empty_bytes(void) { return amqp_empty_bytes; }
static inline amqp_table_t crabbitmq_empty_table(void) { return amqp_empty_table; }

#endif

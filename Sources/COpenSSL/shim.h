#ifndef DROVER_COPENSSL_SHIM_H
#define DROVER_COPENSSL_SHIM_H

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* Hashes: the system's library has them, and librabbitmq brings it along anyway. */
#include <openssl/sha.h>

/* Macros that Swift's importer cannot read. */
static inline long copenssl_set_minimum_version(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}
static inline void copenssl_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }
static inline void copenssl_set_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }
static inline void copenssl_forbid_renegotiation(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}
static inline long copenssl_set_server_name(SSL *session, const char *name) {
  return SSL_set_tlsext_host_name(session, name);
}

/* A socket as OpenSSL's own, but that it writes with MSG_NOSIGNAL: a peer that has gone raises no SIGPIPE, whatever the
 * application does with that signal. The socket's owner closes it. */
static inline int copenssl_socket_write(BIO *bio, const char *bytes, int count) {
  ssize_t sent;
  BIO_clear_retry_flags(bio);
  do {
    sent = send((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_write(bio);
  return (int)sent;
}
static inline int copenssl_socket_read(BIO *bio, char *bytes, int count) {
  ssize_t received;
  BIO_clear_retry_flags(bio);
  do {
    received = recv((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, 0);
  } while (received < 0 && errno == EINTR);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return (int)received;
}
static inline long copenssl_socket_control(BIO *bio, int command, long number, void *pointer) {
  (void)number;
  (void)pointer;
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    /* Without it OpenSSL takes the end for an error of the system and looks at a stale errno. */
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default: return 0;
  }
}
static inline BIO_METHOD *copenssl_new_socket_method(void) {
  /* No index of its own: there are about a hundred of those in a process, and nobody looks for one. */
  BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "drover socket");
  if (method == NULL) return NULL;
  BIO_meth_set_write(method, copenssl_socket_write);
  BIO_meth_set_read(method, copenssl_socket_read);
  BIO_meth_set_ctrl(method, copenssl_socket_control);
  return method;
}
static inline BIO *copenssl_new_socket(const BIO_METHOD *method, int descriptor) {
  BIO *bio = BIO_new(method);
  if (bio != NULL) BIO_set_data(bio, (void *)(intptr_t)descriptor);
  return bio;
}

#endif

#ifndef ARIOSO_COPENSSL_SHIM_H
#define ARIOSO_COPENSSL_SHIM_H
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
/* Macros of the headers that Swift can't read, as functions. */
static inline uint64_t arioso_ssl_safe_options(void) { return SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_SINGLE_ECDH_USE; }
static inline EVP_PKEY *arioso_make_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline long arioso_dtls_timeout(SSL *ssl, struct timeval *left) { return DTLSv1_get_timeout(ssl, left); }
static inline long arioso_dtls_handle_timeout(SSL *ssl) { return DTLSv1_handle_timeout(ssl); }
static inline long arioso_bio_pending(BIO *bio) { return (long)BIO_ctrl_pending(bio); }
static inline long arioso_bio_set_empty_is_retry(BIO *bio) { return BIO_set_mem_eof_return(bio, -1); }
#endif

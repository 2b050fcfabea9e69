#ifndef ARIOSO_COPENSSL_SHIM_H
#define ARIOSO_COPENSSL_SHIM_H
/* SHA-1 without a provider in between, which is deprecated but not going away within OpenSSL 3. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <string.h>

/* HMAC-SHA1 (RFC 2104) with the key's two blocks hashed once. OpenSSL's own allocates memory for each message and takes four times as
   long, which would be most of what SRTP costs. */
typedef struct {
    SHA_CTX inner, outer;
} arioso_hmac_sha1;

/* The key has at most 64 bytes. */
static inline void arioso_hmac_sha1_key(arioso_hmac_sha1 *mac, const uint8_t *key, size_t count) {
    uint8_t inner[SHA_CBLOCK], outer[SHA_CBLOCK];
    memset(inner, 0x36, sizeof inner);
    memset(outer, 0x5c, sizeof outer);
    for (size_t at = 0; at < count && at < SHA_CBLOCK; at++) {
        inner[at] ^= key[at];
        outer[at] ^= key[at];
    }
    SHA1_Init(&mac->inner);
    SHA1_Update(&mac->inner, inner, sizeof inner);
    SHA1_Init(&mac->outer);
    SHA1_Update(&mac->outer, outer, sizeof outer);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(outer, sizeof outer);
}

/* Signs some bytes and then some more; `tag` has room for 20 bytes. */
static inline void arioso_hmac_sha1_sign(
    const arioso_hmac_sha1 *mac, const uint8_t *bytes, size_t count, const uint8_t *more, size_t more_count, uint8_t *tag) {
    SHA_CTX context = mac->inner;
    SHA1_Update(&context, bytes, count);
    if (more_count > 0) SHA1_Update(&context, more, more_count);
    SHA1_Final(tag, &context);
    context = mac->outer;
    SHA1_Update(&context, tag, SHA_DIGEST_LENGTH);
    SHA1_Final(tag, &context);
}

/* Macros of the headers that Swift can't read, as functions. */
static inline uint64_t arioso_ssl_safe_options(void) { return SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_SINGLE_ECDH_USE; }
static inline EVP_PKEY *arioso_make_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline long arioso_dtls_timeout(SSL *ssl, struct timeval *left) { return DTLSv1_get_timeout(ssl, left); }
static inline long arioso_dtls_handle_timeout(SSL *ssl) { return DTLSv1_handle_timeout(ssl); }
static inline long arioso_bio_pending(BIO *bio) { return (long)BIO_ctrl_pending(bio); }
static inline long arioso_bio_set_empty_is_retry(BIO *bio) { return BIO_set_mem_eof_return(bio, -1); }
#endif

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

/* What SRTP keeps of its keys, in two cache lines: the key of AES, and for counter mode that of HMAC-SHA1. With hundreds of calls everything that is kept is
   cold when the next packet of a call comes, and fetching OpenSSL's contexts costs more than expanding the key again. */
typedef struct {
    uint8_t key[32];
    /* The states of SHA-1 behind the two blocks of the key (RFC 2104). */
    uint32_t inner[5], outer[5];
} arioso_srtp_keys;

static inline void arioso_sha1_after_block(const uint8_t *key, size_t count, uint8_t pad, uint32_t *state) {
    uint8_t block[SHA_CBLOCK];
    memset(block, pad, sizeof block);
    for (size_t at = 0; at < count && at < SHA_CBLOCK; at++) block[at] ^= key[at];
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, block, sizeof block);
    state[0] = context.h0, state[1] = context.h1, state[2] = context.h2, state[3] = context.h3, state[4] = context.h4;
    OPENSSL_cleanse(block, sizeof block);
}

/* Takes a key of AES-128 and one of HMAC with at most 64 bytes. */
static inline void arioso_srtp_ctr_keys(arioso_srtp_keys *keys, const uint8_t *key, const uint8_t *mac_key, size_t mac_count) {
    memcpy(keys->key, key, 16);
    arioso_sha1_after_block(mac_key, mac_count, 0x36, keys->inner);
    arioso_sha1_after_block(mac_key, mac_count, 0x5c, keys->outer);
}

static inline void arioso_sha1_resume(SHA_CTX *context, const uint32_t *state) {
    context->h0 = state[0], context->h1 = state[1], context->h2 = state[2], context->h3 = state[3], context->h4 = state[4];
    context->Nl = SHA_CBLOCK * 8, context->Nh = 0, context->num = 0;
}

/* Signs some bytes and then some more; `tag` has room for 20 bytes. OpenSSL's own HMAC allocates memory for each message. */
static inline void arioso_hmac_sha1_sign(
    const arioso_srtp_keys *keys, const uint8_t *bytes, size_t count, const uint8_t *more, size_t more_count, uint8_t *tag) {
    SHA_CTX context;
    arioso_sha1_resume(&context, keys->inner);
    SHA1_Update(&context, bytes, count);
    if (more_count > 0) SHA1_Update(&context, more, more_count);
    SHA1_Final(tag, &context);
    arioso_sha1_resume(&context, keys->outer);
    SHA1_Update(&context, tag, SHA_DIGEST_LENGTH);
    SHA1_Final(tag, &context);
}

/* Encrypts or decrypts in place with the key stream of a packet; 0 when OpenSSL has no cipher or no memory. Each thread has one context,
   which lives as long as the process. */
static inline int arioso_aes_ctr(const arioso_srtp_keys *keys, const uint8_t *iv, uint8_t *bytes, int count) {
    static __thread EVP_CIPHER_CTX *context = NULL;
    int written = 0;
    if (context == NULL) {
        context = EVP_CIPHER_CTX_new();
        if (context == NULL) return 0;
        if (EVP_EncryptInit_ex2(context, EVP_aes_128_ctr(), keys->key, iv, NULL) != 1) return 0;
    } else if (EVP_EncryptInit_ex2(context, NULL, keys->key, iv, NULL) != 1) {
        return 0;
    }
    return EVP_EncryptUpdate(context, bytes, &written, bytes, count);
}

/* Gives the thread's context for AES in GCM, ready for a packet; NULL when OpenSSL has no cipher or no memory. It serves one packet, and lives
   as long as the process. */
static inline EVP_CIPHER_CTX *arioso_aes_gcm(const uint8_t *key, int key_bytes, const uint8_t *iv, int encrypts) {
    static __thread EVP_CIPHER_CTX *contexts[2] = {NULL, NULL};
    EVP_CIPHER_CTX **context = &contexts[key_bytes == 32];
    const EVP_CIPHER *cipher = NULL;
    if (*context == NULL) {
        *context = EVP_CIPHER_CTX_new();
        if (*context == NULL) return NULL;
        cipher = key_bytes == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
    }
    return EVP_CipherInit_ex2(*context, cipher, key, iv, encrypts, NULL) == 1 ? *context : NULL;
}

/* Macros of the headers that Swift can't read, as functions. */
static inline uint64_t arioso_ssl_safe_options(void) { return SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_SINGLE_ECDH_USE; }
static inline EVP_PKEY *arioso_make_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline long arioso_dtls_timeout(SSL *ssl, struct timeval *left) { return DTLSv1_get_timeout(ssl, left); }
static inline long arioso_dtls_handle_timeout(SSL *ssl) { return DTLSv1_handle_timeout(ssl); }
static inline long arioso_bio_pending(BIO *bio) { return (long)BIO_ctrl_pending(bio); }
static inline long arioso_bio_set_empty_is_retry(BIO *bio) { return BIO_set_mem_eof_return(bio, -1); }
#endif

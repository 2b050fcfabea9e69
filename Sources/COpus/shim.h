#ifndef ARIOSO_COPUS_SHIM_H
#define ARIOSO_COPUS_SHIM_H
#include <opus.h>
/* Swift can't call functions with variable arguments: one for each setting that is used. */
static inline int arioso_opus_set_bitrate(OpusEncoder *encoder, opus_int32 value) { return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(value)); }
static inline int arioso_opus_set_complexity(OpusEncoder *encoder, opus_int32 value) { return opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(value)); }
static inline int arioso_opus_set_fec(OpusEncoder *encoder, opus_int32 value) { return opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(value)); }
static inline int arioso_opus_set_dtx(OpusEncoder *encoder, opus_int32 value) { return opus_encoder_ctl(encoder, OPUS_SET_DTX(value)); }
static inline int arioso_opus_set_loss(OpusEncoder *encoder, opus_int32 percent) { return opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(percent)); }
static inline int arioso_opus_set_max_bandwidth(OpusEncoder *encoder, opus_int32 value) { return opus_encoder_ctl(encoder, OPUS_SET_MAX_BANDWIDTH(value)); }
static inline int arioso_opus_reset_encoder(OpusEncoder *encoder) { return opus_encoder_ctl(encoder, OPUS_RESET_STATE); }
#endif

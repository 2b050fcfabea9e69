#ifndef ARIOSO_CSPEEXDSP_SHIM_H
#define ARIOSO_CSPEEXDSP_SHIM_H
#include <speex/speex_resampler.h>
#endif

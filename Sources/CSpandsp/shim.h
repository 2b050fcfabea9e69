#ifndef ARIOSO_CSPANDSP_SHIM_H
#define ARIOSO_CSPANDSP_SHIM_H
#include <stdint.h>
#include <spandsp.h>
#endif

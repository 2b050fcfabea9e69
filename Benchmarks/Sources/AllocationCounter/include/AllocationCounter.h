// Counts allocations of the process that loads this library with LD_PRELOAD.
//
// The count is a 64-bit word at the beginning of the file that the environment variable ARIOSO_ALLOCATION_COUNT names;
// another process may map the file and read it at any time.
#ifndef ARIOSO_ALLOCATION_COUNTER_H
#define ARIOSO_ALLOCATION_COUNTER_H

#define ARIOSO_ALLOCATION_COUNT_VARIABLE "ARIOSO_ALLOCATION_COUNT"

#endif

#include "engines/uring/setup.hpp"

#include "os/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace nightjar::io::uring {
namespace {

constexpr unsigned submissions = 1024;
constexpr unsigned completions = 8 * submissions;

// SINGLE_ISSUER and DEFER_TASKRUN: the kernel works for us only inside our own call, so that
// nothing is interrupted, and nothing is written into memory of ours at any other time. SUBMIT_ALL:
// one bad entry does not stop the rest.
constexpr unsigned flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                           IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL |
                           IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE | IORING_SETUP_R_DISABLED;

constexpr unsigned features = IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE |
                              IORING_FEAT_FAST_POLL | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

// SEND_ZC is not used: it came with Linux 6.0, as did multishot receive, which no probe shows.
constexpr std::array operations{IORING_OP_NOP,     IORING_OP_SENDMSG,  IORING_OP_SEND,
                                IORING_OP_RECV,    IORING_OP_ACCEPT,   IORING_OP_CONNECT,
                                IORING_OP_TIMEOUT, IORING_OP_POLL_ADD, IORING_OP_ASYNC_CANCEL,
                                IORING_OP_SEND_ZC};

error missing(int number) noexcept {
    const error said = os::to_error(number);
    return said == error::no_room ? said : error(error::unsupported, number);
}

bool has_operations(io_uring& in) noexcept {
    io_uring_probe* const found = ::io_uring_get_probe_ring(&in);
    if (found == nullptr) return false;
    const bool all = std::all_of(operations.begin(), operations.end(), [found](int one) {
        return ::io_uring_opcode_supported(found, one) != 0;
    });
    ::io_uring_free_probe(found);
    return all;
}

/// Through a ring of its own, as the real one is enabled by another thread perhaps. A filter may
/// allow to set up and forbid to enter.
error try_round_trip() noexcept {
    io_uring trial{};
    int code = ::io_uring_queue_init(2, &trial, flags & ~unsigned{IORING_SETUP_CQSIZE});
    if (code < 0) return missing(-code);
    code = enable_ring(trial);
    if (code == 0) {
        ::io_uring_prep_nop(::io_uring_get_sqe(&trial));
        code = ::io_uring_submit_and_wait(&trial, 1);
    }
    const bool went = code == 1 && ::io_uring_cq_ready(&trial) == 1;
    ::io_uring_queue_exit(&trial);
    if (went) return error::none;
    return missing(code < 0 ? -code : ENOSYS);
}

}  // namespace

error open_ring(io_uring& out) noexcept {
    const error why = try_round_trip();
    if (why != error::none) return why;
    io_uring_params how{};
    how.flags = flags;
    how.cq_entries = completions;
    const int code = ::io_uring_queue_init_params(submissions, &out, &how);
    if (code < 0) return missing(-code);
    if ((how.features & features) == features && has_operations(out)) return error::none;
    ::io_uring_queue_exit(&out);
    return {error::unsupported, ENOSYS};
}

int enable_ring(io_uring& which) noexcept {
    return ::io_uring_register(static_cast<unsigned>(which.ring_fd), IORING_REGISTER_ENABLE_RINGS,
                               nullptr, 0);
}

}  // namespace nightjar::io::uring

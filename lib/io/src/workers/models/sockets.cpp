#include "workers/models/sockets.hpp"

#include "workers/place.hpp"

#include "os/address.hpp"
#include "os/error.hpp"
#include "os/socket.hpp"

#include <linux/filter.h>
#include <sys/socket.h>

namespace nightjar::io::models {

result<std::vector<handle>> open_sockets(const model_options& how, unsigned count) {
    auto at = endpoint::parse(how.address, how.port);
    if (!at) return fail(at.error());
    std::vector<handle> made;
    for (unsigned i = 0; i < count; ++i) {
        listen_options one;
        one.at = *at;
        one.reuse_port = count > 1;
        one.claim = i == 0;
        one.v6_only = false;
        auto opened = os::open_listener(one);
        if (!opened) return fail(opened.error());
        *at = os::local_of(static_cast<int>(opened->value()));
        made.push_back(std::move(*opened));
    }
    return made;
}

result<> steer_by_cpu(int socket, std::span<const int> cpu_of_worker) {
    std::vector<sock_filter> code;
    const auto workers = static_cast<std::uint32_t>(cpu_of_worker.size());
    code.push_back(
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_CPU)));
    for (std::uint32_t i = 0; i < workers; ++i) {
        const auto cpu = static_cast<std::uint32_t>(cpu_of_worker[i]);
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, cpu, 0, 1));
        code.push_back(BPF_STMT(BPF_RET | BPF_K, i));
    }
    code.push_back(BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, workers));
    code.push_back(BPF_STMT(BPF_RET | BPF_A, 0));
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) != 0)
        return fail(os::last_error());
    return {};
}

result<> steer_to_workers(int socket, const workers_options& how) {
    std::vector<int> cpus;
    for (unsigned i = 0; i < how.count; ++i) {
        const auto mine = cpus_of_worker(how, i);
        if (!mine) return fail(mine.error());
        cpus.push_back(mine->front());
    }
    return steer_by_cpu(socket, cpus);
}

}  // namespace nightjar::io::models

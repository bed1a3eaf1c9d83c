#include "datagram/inbox.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>

namespace nightjar::io {
namespace {

constexpr std::size_t batch_bytes = 256 * 1024;
constexpr std::size_t batch_max = 64;

std::size_t batch_of(std::size_t size_max) noexcept {
    return std::clamp<std::size_t>(batch_bytes / std::max<std::size_t>(size_max, 1), 1, batch_max);
}

}  // namespace

datagram::inbox::inbox(std::size_t size_max)
    : size_max_(size_max),
      room_(size_max * batch_of(size_max)),
      headers_(batch_of(size_max)),
      pieces_(headers_.size()),
      addresses_(headers_.size()),
      controls_(headers_.size()) {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
        pieces_[i] = {room_.data() + i * size_max_, size_max_};
        msghdr& header = headers_[i].msg_hdr;
        header.msg_name = addresses_[i].raw();
        header.msg_iov = &pieces_[i];
        header.msg_iovlen = 1;
        header.msg_control = controls_[i].room.data();
    }
}

int datagram::inbox::read(int socket) noexcept {
    for (mmsghdr& one : headers_) {  // the kernel wrote the sizes of the last time
        one.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
        one.msg_hdr.msg_controllen = sizeof(control::room);
    }
    const int count = ::recvmmsg(socket, headers_.data(), static_cast<unsigned>(headers_.size()),
                                 MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) {
        const auto which = static_cast<std::size_t>(i);
        addresses_[which].size = headers_[which].msg_hdr.msg_namelen;
    }
    return count;
}

endpoint datagram::inbox::from(std::size_t which) const noexcept {
    return os::to_endpoint(addresses_[which]);
}

bytes datagram::inbox::what(std::size_t which) noexcept {
    return bytes(room_).subspan(which * size_max_, headers_[which].msg_len);
}

std::size_t datagram::inbox::joined_of(std::size_t which) const noexcept {
    const msghdr& header = headers_[which].msg_hdr;
    const cmsghdr* const said = CMSG_FIRSTHDR(&header);
    if (said == nullptr || said->cmsg_level != SOL_UDP || said->cmsg_type != UDP_GRO) return 0;
    int each = 0;
    std::memcpy(&each, CMSG_DATA(said), sizeof each);
    return each > 0 ? static_cast<std::size_t>(each) : 0;
}

}  // namespace nightjar::io

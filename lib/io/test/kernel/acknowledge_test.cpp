// When the peer hears that its bytes have come.
#include "contract/suite.hpp"
#include "kernel/raw.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace nightjar::io::test {
namespace {

/// Bytes that the other side has not acknowledged yet.
int unacknowledged(int fd) {
    int count = -1;
    ::ioctl(fd, SIOCOUTQ, &count);
    return count;
}

TEST_P(kernel_contract, acknowledges_input_when_told_to) {
    handle client = plain_connection(listener_->local().port());
    ASSERT_TRUE(client);
    const int fd = static_cast<int>(client.value());
    ASSERT_TRUE(until([&] { return !host_.tapes.empty(); }));
    tape& far = host_.tapes.back();
    // A connection that has answered delays its acknowledgements, to send them with an answer.
    char answer = 0;
    for (int i = 0; i != 20; ++i) {
        ASSERT_EQ(::send(fd, "?", 1, 0), 1);
        ASSERT_TRUE(until([&] { return far.got.size() == static_cast<std::size_t>(i) + 1; }));
        far.say("!");
        loop().run_once(loop().now());
        ASSERT_EQ(::recv(fd, &answer, 1, 0), 1);
    }
    ASSERT_EQ(::send(fd, "bye", 3, 0), 3);
    ASSERT_TRUE(until([&] { return far.got.ends_with("bye"); }));
    ASSERT_EQ(unacknowledged(fd), 3) << "this kernel does not delay acknowledgements";
    far.peer->acknowledge_input();
    EXPECT_EQ(unacknowledged(fd), 0);
}

}  // namespace
}  // namespace nightjar::io::test

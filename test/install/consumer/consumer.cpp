// A stranger's program: knows nothing but what was installed.
#include <cstdio>
#include <nightjar/base/result.hpp>
#include <nightjar/mqtt/topic.hpp>

int main() {
    const bool right = nightjar::mqtt::matches("plant/+/heat", "plant/7/heat") &&
                       !nightjar::mqtt::matches("plant/+/heat", "plant/7/dust");
    std::puts(nightjar::describe(nightjar::error::reset).data());
    return right ? 0 : 1;
}

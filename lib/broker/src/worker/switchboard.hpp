#pragma once
// Where a message goes: to this worker's subscribers, to the workers that want its topic, to the
// retained store.
//
//      publisher ─► publish ─┬─► route ─► session::deliver          (this worker)
//                            ├─► one letter per interested worker ─► its receive()
//                            ├─► a turn of each shared subscription: a session here, or a worker
//                            └─► retained, and then a letter to every worker

#include "../context.hpp"
#include "exchange.hpp"
#include "share_desk.hpp"

namespace nightjar::broker {

class switchboard {
public:
    switchboard(context& at, mailbox& mail, share_desk& shares) noexcept
        : at_(at), mail_(mail), shares_(shares) {}

    /// Takes a message of a client's of this worker, or the broker's own. The code for PUBACK and
    /// PUBREC; a failure means that the message went nowhere. No allocation unless somebody keeps
    /// the message.
    mqtt::reason publish(const message_view& what);
    /// A message that another worker took.
    void receive(const message& what);
    /// Small ones.
    void receive(const bundle& what);
    /// The same, for members of shared subscriptions here.
    void receive(const picked& what);
    /// Messages whose member of a shared subscription cannot get them: to the next ones.
    void pass_on(const std::vector<shared_leftover>& what);

private:
    static constexpr std::uint8_t hops_max = 3;
    /// Which worker is to choose a member of which shared subscriptions.
    struct pick {
        unsigned worker = 0;
        std::uint64_t share = 0;
    };
    using pick_list = absl::InlinedVector<pick, 4>;

    void deliver(const route& to, outgoing& what);
    void turn_to(const route& to, std::uint64_t id, outgoing& what, std::uint8_t hops,
                 pick_list& elsewhere);
    /// False: nobody is there.
    bool deliver_in_turn(share& to, outgoing& what, std::uint8_t hops, pick_list& elsewhere);
    void send_away(std::uint64_t workers, outgoing& what);
    /// Takes out of `plain` those that get one letter for both.
    void send_picked(const pick_list& picks, std::uint64_t& plain, outgoing& what,
                     std::uint8_t hops);
    bool keep(outgoing& what);
    mqtt::reason publish_without_keeping(const message_view& what);

    context& at_;
    mailbox& mail_;
    share_desk& shares_;
    bool is_retained_full_ = false;  // and that was logged; until something is removed
};

}  // namespace nightjar::broker

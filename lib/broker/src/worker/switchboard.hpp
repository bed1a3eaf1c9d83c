#pragma once
// Where a message goes: to this worker's subscribers, to the workers that want its topic, to the
// retained store.
//
//      publisher ─► publish ─┬─► route ─► session::deliver          (this worker)
//                            ├─► one letter per interested worker ─► its receive()
//                            └─► retained, and then a letter to every worker

#include "../context.hpp"
#include "exchange.hpp"

namespace nightjar::broker {

class switchboard {
public:
    switchboard(context& at, mailbox& mail) noexcept : at_(at), mail_(mail) {}

    /// Takes a message of a client's of this worker, or the broker's own. The code for PUBACK and
    /// PUBREC; a failure means that the message went nowhere. No allocation unless somebody keeps
    /// the message.
    mqtt::reason publish(const message_view& what);
    /// A message that another worker took.
    void receive(const message& what);
    /// Small ones.
    void receive(const bundle& what);

private:
    void deliver(const route& to, outgoing& what);
    void send_away(std::uint64_t workers, outgoing& what);
    bool keep(outgoing& what);

    context& at_;
    mailbox& mail_;
};

}  // namespace nightjar::broker

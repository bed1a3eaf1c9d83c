#pragma once
// The members that this worker's sessions are of shared subscriptions: who they are, which of them
// can take a message now, and what the other workers are told of them.
//
//      state of a member changes ─► share ─(once a turn)─► stakes to the others

#include <memory>
#include <string>
#include <vector>

#include "../context.hpp"
#include "../session/session.hpp"
#include "exchange.hpp"

namespace nightjar::broker {

class share_desk {
public:
    share_desk(context& at, mailbox& mail);
    ~share_desk();

    // --- for SUBSCRIBE and UNSUBSCRIBE -----------------------------------------------------------
    /// True: the others must be told of this one before a SUBSCRIBE to it is answered; from now on
    /// that counts as said.
    bool announce(const mqtt::shared_filter& what);
    /// A SUBSCRIBE waits for the others, or does no more.
    void await(const mqtt::shared_filter& what, bool begins);
    /// Adds or replaces. False: the table is full.
    bool add(const mqtt::shared_filter& what, const subscriber& how);
    bool has(session& who, const mqtt::shared_filter& what) const;
    /// False: there was no such subscription. What the others need no more is added to `unwanted`.
    bool remove(session& who, const mqtt::shared_filter& what, std::vector<std::string>& unwanted);
    void remove_all(session& who, std::vector<std::string>& unwanted);
    /// Drops a share that nobody here wants.
    void retract(const mqtt::shared_filter& what, std::vector<std::string>& unwanted);

    // --- members ---------------------------------------------------------------------------------
    /// The session's connection came or went.
    void note_presence(session& of);
    /// A member that was ready has no room: the others come first until it has.
    void choke(const membership& full);

    // --- among workers ---------------------------------------------------------------------------
    void on_interest(unsigned from, const mqtt::shared_filter& what, bool wanted);
    void on_stakes(unsigned from, const stakes& what);
    /// Tells the others what has changed. Once a turn.
    void tell();

private:
    static constexpr duration look_again_after = 10ms;

    void leave(membership& gone, std::vector<std::string>& unwanted);
    void retract(share& of, std::vector<std::string>& unwanted);
    void prune(share& of);
    void look_again() noexcept;
    void note(share& changed);
    void watch(share& choked);

    struct again;
    context& at_;
    mailbox& mail_;
    std::vector<share*> changed_;
    std::vector<share*> watched_;  // have members that had no room when last seen
    std::unique_ptr<again> again_;
};

}  // namespace nightjar::broker

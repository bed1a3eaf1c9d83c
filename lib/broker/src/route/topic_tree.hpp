#pragma once
// A tree with a node per topic level and one hash table for all edges, so that a step down costs
// the same however many children a node has. It serves both ways: filters stored and a name asked,
// or names stored and a filter asked. Levels are interned: a step down compares two addresses.
//
//      "home/+/temp"      root ─ home ─ + ─ temp*        * value
//      "home/#"                      └─ #*

#include <absl/container/flat_hash_set.h>

#include <nightjar/base/slab.hpp>
#include <nightjar/mqtt/topic.hpp>

#include <string>
#include <vector>

#include "../heap.hpp"
#include "level_table.hpp"

namespace nightjar::broker {

/// `Value`: default-constructible, with `bool is_empty() const`. One thread.
template <class Value>
class topic_tree {
public:
    struct node {
        node(node* above, const level_symbol* text) : parent(above), symbol(text) {}
        std::string_view level() const noexcept {
            return symbol ? symbol->text : std::string_view{};
        }
        node* parent;
        const level_symbol* symbol;  // null: the root
        node* first_child = nullptr;
        node* next = nullptr;      // sibling
        node* previous = nullptr;  // sibling; the first has none
        node* plus = nullptr;      // the children that match more than their own text
        node* hash = nullptr;
        std::uint32_t plain = 0;  // children that match their own text only
        Value value;
    };

    /// At most `nodes_max` levels in all, shared ones counted once.
    explicit topic_tree(std::uint32_t nodes_max = 1U << 30)
        : levels_(nodes_max), nodes_(nodes_max, heap) {
        root_ = nodes_.emplace(nullptr, nullptr);
        expects(root_ != nullptr, "there is room for a root");
    }

    /// The node of exactly this text, made if needed; null when the tree is full.
    node* insert(std::string_view text) {
        node* at = root_;
        for (mqtt::levels step{text}; step; ++step) {
            node* below = child(at, levels_.find(*step));
            if (!below) below = add(at, *step);
            if (!below) return prune(at), nullptr;
            at = below;
        }
        return at;
    }

    node* find(std::string_view text) const {
        node* at = root_;
        for (mqtt::levels step{text}; step && at; ++step) at = child(at, levels_.find(*step));
        return at;
    }

    /// Removes the node, and those above it, that have neither a value nor children.
    void prune(node* at) {
        while (at != root_ && at->value.is_empty() && !at->first_child) {
            node* above = at->parent;
            remove(at);
            at = above;
        }
    }

    /// The text that leads to the node.
    static std::string text_of(const node* at) {
        std::string text;
        append_text(at, text);
        return text;
    }

    /// Filters are stored: visits the value of each that matches `name`. [MQTT-5 4.7]
    template <class Visit>
    void for_matching_filters(std::string_view name, Visit&& visit) const {
        frontier_.assign(1, root_);
        const bool is_internal = name.starts_with('$');  // [MQTT-4.7.2-1]
        bool is_first = true;
        for (mqtt::levels step{name}; step && !frontier_.empty(); ++step) {
            const bool wild = !(is_first && is_internal);
            next_.clear();
            visited_ += frontier_.size();
            const level_symbol* here = levels_.find(*step);
            for (node* at : frontier_) {
                if (wild && at->hash) visit(at->hash->value);
                if (node* below = at->plain != 0 ? child(at, here) : nullptr)
                    next_.push_back(below);
                if (wild && at->plus) next_.push_back(at->plus);
            }
            frontier_.swap(next_);
            is_first = false;
        }
        for (node* at : frontier_) {
            visit(at->value);
            if (at->hash) visit(at->hash->value);  // "a/#" matches "a" [MQTT-5 4.7.1.2]
        }
    }

    /// Names are stored: visits the node of each that `filter` matches. `visit` must not change the
    /// tree.
    template <class Visit>
    void for_matching_names(std::string_view filter, Visit&& visit) const {
        std::vector<node*> here{root_}, below;
        for (mqtt::levels step{filter}; step && !here.empty(); ++step) {
            if (*step == "#") {
                for (node* at : here) below_and_self(at, at == root_, visit);
                return;
            }
            below.clear();
            const level_symbol* wanted = levels_.find(*step);
            for (node* at : here) {
                if (*step == "+")
                    push_children(at, below);
                else if (node* one = child(at, wanted))
                    below.push_back(one);
            }
            here.swap(below);
        }
        for (node* at : here) visit(*at);
    }

    /// Visits every node below the root, parents first, in no other order. `visit` must not change
    /// the tree.
    template <class Visit>
    void for_each(Visit&& visit) const {
        std::vector<const node*> open;
        for (const node* at = root_->first_child; at; at = at->next) open.push_back(at);
        while (!open.empty()) {
            const node* at = open.back();
            open.pop_back();
            visit(*at);
            for (const node* c = at->first_child; c; c = c->next) open.push_back(c);
        }
    }

    std::size_t size() const noexcept { return nodes_.size() - 1; }
    /// Nodes that all questions about filters came by so far: what they cost.
    std::uint64_t visited() const noexcept { return visited_; }

private:
    struct edge {
        const node* parent;
        const level_symbol* symbol;
        friend bool operator==(const edge&, const edge&) noexcept = default;
    };
    static edge edge_to(const node* n) noexcept { return {n->parent, n->symbol}; }
    struct edge_hash {
        using is_transparent = void;
        std::size_t operator()(const edge& e) const noexcept {
            return absl::HashOf(e.parent, e.symbol);
        }
        std::size_t operator()(const node* n) const noexcept { return (*this)(edge_to(n)); }
    };
    struct edge_equal {
        using is_transparent = void;
        bool operator()(const node* a, const node* b) const noexcept { return a == b; }
        bool operator()(const node* n, const edge& e) const noexcept { return edge_to(n) == e; }
        bool operator()(const edge& e, const node* n) const noexcept { return edge_to(n) == e; }
    };

    node* child(const node* at, const level_symbol* symbol) const {
        if (!symbol) return nullptr;
        const auto found = edges_.find(edge{at, symbol});
        return found == edges_.end() ? nullptr : *found;
    }

    node* add(node* at, std::string_view level) {
        const level_symbol* symbol = levels_.take(level);
        if (!symbol) return nullptr;
        node* fresh = nodes_.emplace(at, symbol);
        if (!fresh) return levels_.release(symbol), nullptr;
        fresh->next = at->first_child;
        if (fresh->next) fresh->next->previous = fresh;
        at->first_child = fresh;
        if (level == "+")
            at->plus = fresh;
        else if (level == "#")
            at->hash = fresh;
        else
            ++at->plain;
        edges_.insert(fresh);
        return fresh;
    }

    static void append_text(const node* at, std::string& target) {
        if (!at->parent) return;
        append_text(at->parent, target);
        if (at->parent->parent) target += '/';
        target += at->level();
    }

    void remove(node* at) {
        node* above = at->parent;
        edges_.erase(edges_.find(edge_to(at)));
        if (at->next) at->next->previous = at->previous;
        if (at->previous)
            at->previous->next = at->next;
        else
            above->first_child = at->next;
        if (above->plus == at)
            above->plus = nullptr;
        else if (above->hash == at)
            above->hash = nullptr;
        else
            --above->plain;
        levels_.release(at->symbol);
        nodes_.erase(*at);
    }

    // Wildcards at the front do not match names that begin with '$'. [MQTT-4.7.2-1]
    bool is_hidden(const node* at) const {
        return at->parent == root_ && at->level().starts_with('$');
    }

    void push_children(node* at, std::vector<node*>& target) const {
        for (node* c = at->first_child; c; c = c->next)
            if (!is_hidden(c)) target.push_back(c);
    }

    template <class Visit>
    void below_and_self(node* top, bool is_root, Visit& visit) const {
        std::vector<node*> open;
        if (is_root)
            push_children(top, open);
        else
            open.push_back(top);
        while (!open.empty()) {
            node* at = open.back();
            open.pop_back();
            visit(*at);
            push_children(at, open);
        }
    }

    level_table levels_;
    slab<node> nodes_;
    node* root_;
    absl::flat_hash_set<node*, edge_hash, edge_equal> edges_;
    mutable std::uint64_t visited_ = 0;
    mutable std::vector<node*> frontier_, next_;  // scratch of one question, kept for its memory
};

}  // namespace nightjar::broker

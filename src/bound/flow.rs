//! The greatest flow through a network of whole numbers, and what is full where no more goes through.
//!
//! Dinic's method (1970): over and over, measure how far each node is from the sink, and fill all shortest ways at
//! once. Distances are measured from the sink, so that the last measuring says which nodes still reach it: the
//! smallest side of a smallest cut. Capacities can be raised and the flow goes on from where it was. Integers only, and
//! the order of arcs decides every choice: the same network gives the same flow.

/// A place in the network.
pub(super) type Node = u32;
/// An arc, by its place in the order of adding. The arc back has the number next to it.
pub(super) type ArcId = u32;

const FAR: u32 = u32::MAX;

/// A network and the flow through it.
pub(super) struct Flow {
    source: Node,
    sink: Node,
    to: Vec<Node>,
    /// What each arc still takes.
    left: Vec<u64>,
    /// Arcs by node where they begin: `list[start[node]..start[node + 1]]`. Rebuilt after arcs were added.
    start: Vec<u32>,
    list: Vec<ArcId>,
    level: Vec<u32>,
    next: Vec<u32>,
}

impl Flow {
    /// A network of a source (0) and a sink (1).
    pub fn new() -> Self {
        let none = Vec::new;
        let (to, left) = (Vec::new(), Vec::new());
        Self { source: 0, sink: 1, to, left, start: none(), list: none(), level: vec![FAR; 2], next: none() }
    }

    /// The source.
    pub fn source(&self) -> Node {
        self.source
    }

    /// The sink.
    pub fn sink(&self) -> Node {
        self.sink
    }

    /// One more node.
    pub fn node(&mut self) -> Node {
        self.level.push(FAR);
        number(self.level.len() - 1)
    }

    /// One more arc.
    pub fn arc(&mut self, from: Node, to: Node, capacity: u64) -> ArcId {
        self.start.clear();
        self.to.extend([to, from]);
        self.left.extend([capacity, 0]);
        number(self.to.len() - 2)
    }

    /// Lets `more` through `arc` than before.
    pub fn raise(&mut self, arc: ArcId, more: u64) {
        self.left[arc as usize] += more;
    }

    /// What goes through `arc`.
    #[cfg(test)]
    pub fn through(&self, arc: ArcId) -> u64 {
        self.left[arc as usize ^ 1]
    }

    /// Whether the sink can still be reached from `node`, after [`fill`](Self::fill): the node's side of the cut.
    pub fn reaches_sink(&self, node: Node) -> bool {
        self.level[node as usize] != FAR
    }

    /// Fills the network; how much more goes through than before.
    pub fn fill(&mut self) -> u64 {
        self.sort_arcs();
        let mut more = 0;
        while self.measure() {
            self.next.clear();
            self.next.extend_from_slice(&self.start[..self.level.len()]);
            more += self.fill_shortest();
        }
        more
    }

    /// Lays the arcs out by the node where they begin, in the order of adding.
    fn sort_arcs(&mut self) {
        if !self.start.is_empty() {
            return;
        }
        let nodes = self.level.len();
        self.start = vec![0; nodes + 1];
        for arc in 0..self.to.len() {
            self.start[self.to[arc ^ 1] as usize + 1] += 1;
        }
        for node in 0..nodes {
            self.start[node + 1] += self.start[node];
        }
        let mut at = self.start.clone();
        self.list = vec![0; self.to.len()];
        for arc in 0..self.to.len() {
            let place = &mut at[self.to[arc ^ 1] as usize];
            self.list[*place as usize] = number(arc);
            *place += 1;
        }
    }

    /// How far each node is from the sink; whether the source reaches it.
    fn measure(&mut self) -> bool {
        self.level.fill(FAR);
        self.level[self.sink as usize] = 0;
        let mut queue = vec![self.sink];
        let mut first = 0;
        while let Some(node) = queue.get(first).copied() {
            first += 1;
            if node == self.source {
                return true;
            }
            for arc in &self.list[self.start[node as usize] as usize..self.start[node as usize + 1] as usize] {
                let from = self.to[*arc as usize];
                if self.left[*arc as usize ^ 1] > 0 && self.level[from as usize] == FAR {
                    self.level[from as usize] = self.level[node as usize] + 1;
                    queue.push(from);
                }
            }
        }
        false
    }

    /// Fills every shortest way.
    fn fill_shortest(&mut self) -> u64 {
        let (mut more, mut at) = (0, self.source);
        let mut way: Vec<ArcId> = Vec::new();
        loop {
            if at == self.sink {
                more += self.send(&mut way);
                at = way.last().map_or(self.source, |arc| self.to[*arc as usize]);
            } else if let Some(arc) = self.step(at) {
                way.push(arc);
                at = self.to[arc as usize];
            } else if let Some(arc) = way.pop() {
                at = self.to[arc as usize ^ 1];
                self.next[at as usize] += 1;
            } else {
                return more;
            }
        }
    }

    /// The next arc from `at` that leads nearer to the sink and is not full.
    fn step(&mut self, at: Node) -> Option<ArcId> {
        let at = at as usize;
        while self.next[at] < self.start[at + 1] {
            let arc = self.list[self.next[at] as usize];
            let level = self.level[self.to[arc as usize] as usize];
            if self.left[arc as usize] > 0 && level != FAR && level + 1 == self.level[at] {
                return Some(arc);
            }
            self.next[at] += 1;
        }
        None
    }

    /// Sends along `way` what goes through, and shortens it to before the first arc that is full now.
    fn send(&mut self, way: &mut Vec<ArcId>) -> u64 {
        let most = way.iter().map(|arc| self.left[*arc as usize]).min().unwrap_or(0);
        for arc in &*way {
            self.left[*arc as usize] -= most;
            self.left[*arc as usize ^ 1] += most;
        }
        let full = way.iter().position(|arc| self.left[*arc as usize] == 0);
        way.truncate(full.unwrap_or(0));
        most
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("four thousand million arcs do not fit into memory")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The greatest flow by single ways, found one by one in depth: slow, and short enough to be believed.
    fn naive(nodes: usize, arcs: &[(usize, usize, u64)]) -> u64 {
        let mut left = vec![vec![0u64; nodes]; nodes];
        arcs.iter().for_each(|(from, to, capacity)| left[*from][*to] += capacity);
        fn one_more(left: &mut [Vec<u64>], at: usize, seen: &mut [bool]) -> bool {
            if at == 1 {
                return true;
            }
            seen[at] = true;
            for to in 0..left.len() {
                if left[at][to] > 0 && !seen[to] && one_more(left, to, seen) {
                    left[at][to] -= 1;
                    left[to][at] += 1;
                    return true;
                }
            }
            false
        }
        let mut flow = 0;
        while one_more(&mut left, 0, &mut vec![false; nodes]) {
            flow += 1;
        }
        flow
    }

    fn network(nodes: usize, arcs: &[(usize, usize, u64)]) -> (Flow, Vec<ArcId>) {
        let mut flow = Flow::new();
        for _ in 2..nodes {
            flow.node();
        }
        let ids = arcs.iter().map(|(from, to, capacity)| flow.arc(*from as u32, *to as u32, *capacity)).collect();
        (flow, ids)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn as_much_goes_through_as_one_by_one_and_the_cut_is_as_wide(
            nodes in 2usize..9,
            arcs in proptest::collection::vec((0usize..9, 0usize..9, 0u64..6), 0..30),
            more in proptest::collection::vec(0u64..4, 30),
        ) {
            let arcs: Vec<_> = arcs.into_iter().map(|(a, b, c)| (a % nodes, b % nodes, c)).filter(|(a, b, _)| a != b).collect();
            let (mut flow, ids) = network(nodes, &arcs);
            let mut through = flow.fill();
            prop_assert_eq!(through, naive(nodes, &arcs));
            for (at, id) in ids.iter().enumerate() {
                flow.raise(*id, more[at]);
            }
            let raised: Vec<_> = arcs.iter().zip(&more).map(|((a, b, c), more)| (*a, *b, c + more)).collect();
            through += flow.fill();
            prop_assert_eq!(through, naive(nodes, &raised));
            let crosses = |(from, to, _): &&(usize, usize, u64)| !flow.reaches_sink(*from as u32) && flow.reaches_sink(*to as u32);
            prop_assert_eq!(raised.iter().filter(crosses).map(|(.., c)| c).sum::<u64>(), through);
            for node in 2..nodes {
                let at = |end: usize| raised.iter().zip(&ids).filter(move |(arc, _)| [arc.0, arc.1][end] == node);
                let sum = |end| at(end).map(|(_, id)| flow.through(*id)).sum::<u64>();
                prop_assert_eq!(sum(0), sum(1), "what comes in goes out");
            }
            prop_assert!(raised.iter().zip(&ids).all(|((.., c), id)| flow.through(*id) <= *c));
        }
    }

    #[test]
    fn a_network_without_arcs_lets_nothing_through() {
        assert_eq!(Flow::new().fill(), 0);
    }
}

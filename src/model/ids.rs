//! Positions in the lists of a [`Case`](super::Case), one type a list, so that a visit's number
//! can't be taken for an inspector's. The ids that people know are text and stand in the lists.

macro_rules! position {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            /// The position as an index into its list.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The position that stands at `index` of its list.
            ///
            /// # Panics
            /// Where the list is longer than the type can count; readers bound their lists far below.
            pub fn at(index: usize) -> Self {
                Self(<$inner>::try_from(index).expect("lists are bounded when they are read"))
            }
        }
    };
}

position!(
    /// An inspector's place in [`Case::inspectors`](super::Case::inspectors).
    InspectorId(u32)
);
position!(
    /// An establishment's place in [`Case::establishments`](super::Case::establishments).
    EstablishmentId(u32)
);
position!(
    /// A visit's place in [`Case::visits`](super::Case::visits).
    VisitId(u32)
);
position!(
    /// A slot's place in [`Period::slots`](super::Period::slots).
    SlotId(u8)
);

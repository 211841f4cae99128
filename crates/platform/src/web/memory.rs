//! What a capability remembers while the process lives, one value of each type: counts on their way to the store, who asked
//! how often of late. Lost at the end, and never shared between processes.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Held = Arc<dyn Any + Send + Sync>;

#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<TypeId, Held>>);

impl Memory {
    /// The process's value of this type, made at first use.
    pub(super) fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = held
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        // The key is the type's own, so the other arm is never taken.
        value.clone().downcast::<T>().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::Memory;

    #[test]
    fn each_type_has_one_value() {
        let memory = Memory::default();
        memory.of::<AtomicI64>().fetch_add(2, Ordering::Relaxed);
        assert_eq!(memory.of::<AtomicI64>().load(Ordering::Relaxed), 2);
        assert_eq!(*memory.of::<i64>(), 0);
    }
}

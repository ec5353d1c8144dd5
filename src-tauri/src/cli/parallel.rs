//! Several items at once, answers in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Works on several items at once and hands the answers over in the order of the items. Once `stop` is set
/// nothing new is begun; what is under way ends, and every answer is handed over.
pub fn each_in_order<T: Sync, A: Send>(
    items: &[T],
    threads: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> A + Sync,
    mut done: impl FnMut(&T, A),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, 64) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                // The number is drawn after the look, so that the items begun have no gap.
                while !stop.load(Ordering::Acquire) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        for (index, answer) in receiver {
            waiting.insert(index, answer);
            while let Some(answer) = waiting.remove(&expected) {
                done(&items[expected], answer);
                expected += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn answers_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..40).collect();
        let mut seen = Vec::new();
        let slow = |item: &u64| {
            std::thread::sleep(Duration::from_millis(item * 7 % 5));
            item * 2
        };
        each_in_order(&items, 4, &AtomicBool::new(false), slow, |item, answer| seen.push((*item, answer)));
        assert_eq!(seen, items.iter().map(|item| (*item, item * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn a_stop_leaves_no_gap() {
        let items: Vec<usize> = (0..100).collect();
        let stop = AtomicBool::new(false);
        let mut seen = Vec::new();
        let work = |item: &usize| std::thread::sleep(Duration::from_millis(1 + (item % 3) as u64));
        each_in_order(&items, 3, &stop, work, |item, ()| {
            seen.push(*item);
            stop.store(seen.len() >= 10, Ordering::Release);
        });
        assert!((10..=16).contains(&seen.len()), "{}", seen.len());
        assert_eq!(seen, items[..seen.len()]);
    }
}

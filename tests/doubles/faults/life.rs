//! The life of a server that misbehaves: it ends when it is told to, and stays small.

use super::common::{PATH, PATIENCE, ask, double, faults, read};
use std::time::Instant;
use tokio::io::AsyncReadExt;

#[tokio::test]
async fn it_stops_whatever_hangs() {
    for kind in ["stall", "drip", "huge"] {
        let running = double("api-particulier", faults(&[kind], 0)).await;
        let mut hanging = ask(running.address(), "GET", PATH).await;
        if kind != "stall" {
            hanging.read_u8().await.expect("an answer has begun");
        }
        let start = Instant::now();
        running.stop().await;
        assert!(start.elapsed() < PATIENCE / 4, "{kind}: {:?}", start.elapsed());
        // It ends, one way or the other.
        drop(read(hanging).await);
    }
}

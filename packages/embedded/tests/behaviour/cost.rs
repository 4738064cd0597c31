//! What a message reads and writes does not depend on how many people there are.

use sdp_embedded::cost::measure;

#[test]
fn every_message_reads_and_writes_the_same_with_10_and_with_400_providers_and_accounts() {
    assert_eq!(measure(10).unwrap(), measure(400).unwrap());
}

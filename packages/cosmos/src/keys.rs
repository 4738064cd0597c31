//! Who signs: accounts derived from one mnemonic, or the keyring of the chain's own binary.

use std::fs;
use std::path::Path;

use cosmrs::bip32::DerivationPath;
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::crypto::PublicKey;
use sha2::{Digest, Sha256};

use crate::binary::Binary;
use crate::error::{Error, Result};
use crate::tx::Unsigned;

/// Signers by name.
///
/// Of a mnemonic, a plain decimal number `N` below 2³¹ is the account `m/44'/118'/N'/0/0`, as wallets number them. Any other
/// name is `m/44'/118'/H'/0/0`, with `H` the first 31 bits of the name's SHA-256: everybody who has the mnemonic has all
/// accounts that were ever named. Of a binary, names are those of its keyring.
#[derive(Debug)]
pub struct Keys(Kind);

enum Kind {
    Seed([u8; 64]),
    Binary(Binary),
}

// Never the seed.
impl core::fmt::Debug for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Seed(_) => f.write_str("Seed"),
            Self::Binary(binary) => binary.fmt(f),
        }
    }
}

impl Keys {
    /// From a file with one BIP-39 mnemonic and nothing else. Refused if anybody but its owner can read it.
    pub fn from_mnemonic_file(path: &Path) -> Result<Self> {
        let unreadable =
            |error: std::io::Error| Error::KeyFile { path: path.into(), reason: error.to_string() };
        let mode = mode(&fs::metadata(path).map_err(unreadable)?);
        if mode & 0o077 != 0 {
            return Err(Error::KeyFileOpen { path: path.into(), mode });
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::from_mnemonic(&text)
            .map_err(|reason| Error::KeyFile { path: path.into(), reason: reason.to_string() })
    }

    /// From the words of a BIP-39 mnemonic, without a passphrase.
    pub fn from_mnemonic(words: &str) -> Result<Self> {
        let mnemonic = bip39::Mnemonic::parse(words.trim()).map_err(|e| Error::malformed("a mnemonic", e))?;
        Ok(Self(Kind::Seed(mnemonic.to_seed(""))))
    }

    /// From the keyring of the chain's own binary.
    pub fn from_binary(binary: Binary) -> Self {
        Self(Kind::Binary(binary))
    }

    /// The address of a name. `prefix` is the chain's bech32 prefix; a binary knows its own.
    pub fn address(&self, name: &str, prefix: &str) -> Result<String> {
        match &self.0 {
            Kind::Seed(seed) => {
                let address = derive(seed, name)?.public_key().account_id(prefix);
                Ok(address.map_err(|e| Error::key(name, e))?.into())
            }
            Kind::Binary(binary) => binary.address(name),
        }
    }

    /// The public key of a name, as far as it is known without asking a binary.
    pub(crate) fn public_key(&self, name: &str) -> Result<Option<PublicKey>> {
        match &self.0 {
            Kind::Seed(seed) => Ok(Some(derive(seed, name)?.public_key())),
            Kind::Binary(_) => Ok(None),
        }
    }

    /// The signed transaction's bytes, as they are broadcast.
    pub(crate) fn sign(&self, name: &str, tx: &Unsigned) -> Result<Vec<u8>> {
        match &self.0 {
            Kind::Seed(seed) => tx.sign(name, &derive(seed, name)?),
            Kind::Binary(binary) => binary.sign(name, tx),
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o7777
}

/// There are no such permissions to look at.
#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0o600
}

fn derive(seed: &[u8; 64], name: &str) -> Result<SigningKey> {
    let path: DerivationPath =
        format!("m/44'/118'/{}'/0/0", account(name)).parse().map_err(|e| Error::key(name, e))?;
    SigningKey::derive_from_path(seed, &path).map_err(|e| Error::key(name, e))
}

/// Number of the account that a name stands for.
fn account(name: &str) -> u32 {
    let number = name.parse::<u32>().ok().filter(|number| number.to_string() == name && *number < 1 << 31);
    number.unwrap_or_else(|| {
        let hash = Sha256::digest(name);
        hash.iter().take(4).fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) >> 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn account_0_of_a_well_known_mnemonic_has_its_well_known_address() {
        let keys = Keys::from_mnemonic(WORDS).unwrap();
        assert_eq!(keys.address("0", "cosmos").unwrap(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        assert_eq!(keys.address("0", "wasm").unwrap(), "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7");
    }

    #[test]
    fn a_name_is_the_account_of_its_hash() {
        // sha256("anna") begins with 55579b55: shifted right by one bit.
        assert_eq!(account("anna"), 0x5557_9b55 >> 1);
        let keys = Keys::from_mnemonic(WORDS).unwrap();
        let number = account("anna").to_string();
        assert_eq!(keys.address("anna", "wasm").unwrap(), keys.address(&number, "wasm").unwrap());
        assert_ne!(keys.address("anna", "wasm").unwrap(), keys.address("bob", "wasm").unwrap());
    }

    #[test]
    fn only_a_plain_number_is_a_number() {
        assert_eq!((account("0"), account("7"), account("2147483647")), (0, 7, 2_147_483_647));
        for name in ["07", "+7", "2147483648", "7 "] {
            assert!(account(name) != 7 && account(name) < 1 << 31, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_mnemonic_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("{WORDS}\n")).unwrap();
        for (mode, refused) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o660, true)] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            match Keys::from_mnemonic_file(file.path()) {
                Err(Error::KeyFileOpen { mode: found, .. }) => assert!(refused && found == mode, "{mode:o}"),
                Ok(_) => assert!(!refused, "{mode:o}"),
                Err(error) => panic!("{error}"),
            }
        }
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
        let error = Keys::from_mnemonic_file(file.path()).unwrap_err().to_string();
        assert!(error.ends_with("has mode 0644: others can read it, 0600 is required"), "{error}");
    }

    #[test]
    fn no_secret_gets_into_a_text() {
        let keys = Keys::from_mnemonic(WORDS).unwrap();
        assert_eq!(format!("{keys:?}"), "Keys(Seed)");
        let error = Keys::from_mnemonic("abandon abandon secretword").unwrap_err().to_string();
        assert!(!error.contains("secretword"), "{error}");
    }
}

//! The keys of an opened clinic, and sealing them to a user.

use domain::{Role, UserId};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::sealing::{self, PublicKey, Sealed};
use crate::secret::Secret;
use crate::slot::{PasswordLock, Slot};

const KEY_BYTES: usize = 32;
const LABEL: &str = "lentigo clinic keys v1";
const HANDOUTS: &str = "lentigo handed-out files v1";

/// The keys of an opened clinic and whose slot opened it. Wiped when dropped; Debug shows no key.
#[derive(Debug)]
pub struct Unlocked {
    /// Opens the database ([`crate::open_database`]).
    pub database_key: Secret,
    /// Authenticates the audit chain. It stays when the other keys change, so that old rows stay provable.
    pub audit_key: Secret,
    /// Opens photographs ([`crate::SealedStore`]); absent where the role does not include them.
    pub clinical_key: Option<Secret>,
    /// The user's private key (X25519); absent when the recovery sheet opened the clinic.
    pub identity: Option<Secret>,
    pub user_id: UserId,
    pub role: Role,
    /// Generation of the keys, from 1.
    pub epoch: u32,
}

impl Unlocked {
    /// Opens what is kept for handing out, which roles without the key to photographs do, too.
    #[must_use]
    pub fn handout_key(&self) -> Secret {
        self.database_key.derive(HANDOUTS)
    }

    /// The same keys a second time. Both are wiped on their own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            database_key: self.database_key.clone(),
            audit_key: self.audit_key.clone(),
            clinical_key: self.clinical_key.clone(),
            identity: self.identity.clone(),
            ..*self
        }
    }

    /// The private key, as long as it is the one that `slot` seals to.
    ///
    /// # Errors
    /// [`VaultError::KeyNotHeld`].
    pub(crate) fn identity_for(&self, slot: &Slot) -> Result<&Secret, VaultError> {
        let identity = self.identity.as_ref().filter(|identity| PublicKey::of(identity) == slot.public);
        identity.ok_or(VaultError::KeyNotHeld)
    }

    /// What a role may hold of these keys: length of the role's code (1), the code, database key (32),
    /// audit key (32) and, where the role opens photographs, the clinical key (32).
    pub(crate) fn pack(&self, role: Role) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if role == Role::PatientView {
            return Err(VaultError::RoleWithoutKeys);
        }
        let code = role.code().as_bytes();
        let mut payload = Zeroizing::new(Vec::with_capacity(1 + code.len() + 3 * KEY_BYTES));
        payload.push(u8::try_from(code.len()).unwrap_or_else(|_| unreachable!("codes of roles are short")));
        payload.extend_from_slice(code);
        payload.extend_from_slice(self.database_key.expose());
        payload.extend_from_slice(self.audit_key.expose());
        if role.opens_photographs() {
            let clinical = self.clinical_key.as_ref().ok_or(VaultError::KeyNotHeld)?;
            payload.extend_from_slice(clinical.expose());
        }
        Ok(payload)
    }

    /// The keys out of a payload, provided that it was packed for this role; otherwise nothing.
    pub(crate) fn unpack(payload: &[u8], user_id: UserId, role: Role, epoch: u32) -> Option<Self> {
        let (&length, rest) = payload.split_first()?;
        let (code, rest) = rest.split_at_checked(usize::from(length))?;
        let (database, audit, clinical) = match rest.as_chunks::<KEY_BYTES>() {
            ([database, audit], []) => (database, audit, None),
            ([database, audit, clinical], []) => (database, audit, Some(clinical)),
            _ => return None,
        };
        if code != role.code().as_bytes() || clinical.is_some() != role.opens_photographs() {
            return None;
        }
        Some(Self {
            database_key: Secret::from_bytes(database),
            audit_key: Secret::from_bytes(audit),
            clinical_key: clinical.map(Secret::from_bytes),
            identity: None,
            user_id,
            role,
            epoch,
        })
    }
}

/// Who a new slot is for.
pub(crate) struct Holder {
    pub id: UserId,
    pub login: [u8; 32],
    pub role: Role,
    pub public: PublicKey,
}

impl Slot {
    /// A slot with the clinic's keys sealed to its holder, and the given lock on the private key.
    pub fn sealed_for(
        holder: Holder,
        keys: &Unlocked,
        password: Option<PasswordLock>,
    ) -> Result<Self, VaultError> {
        let Holder { id, login, role, public } = holder;
        let mut slot = Self {
            id,
            login,
            role,
            epoch: keys.epoch,
            public,
            keys: Sealed { encapsulated: [0; 32], ciphertext: Vec::new() },
            mac: [0; 32],
            password,
            codes: Vec::new(),
            activation: None,
            reset: None,
        };
        slot.seal(keys)?;
        Ok(slot)
    }

    /// Seals the keys to the holder again, after its role, sign-in name or the keys changed. A reset
    /// that was open is void.
    pub fn seal(&mut self, keys: &Unlocked) -> Result<(), VaultError> {
        self.epoch = keys.epoch;
        self.reset = None;
        self.keys = sealing::seal(&self.public, LABEL, &self.associated(), &keys.pack(self.role)?)?;
        self.write_mac(&keys.audit_key);
        Ok(())
    }

    /// The clinic's keys with the holder's private key.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`] when anything the slot says in clear is not what was sealed;
    /// [`VaultError::StaleEpoch`] when the clinic's keys are newer.
    pub fn open(&self, identity: Secret, clinic_epoch: u32) -> Result<Unlocked, VaultError> {
        let keys = sealing::open(&identity, LABEL, &self.associated(), &self.keys)
            .and_then(|payload| Unlocked::unpack(&payload, self.id, self.role, self.epoch))
            .filter(|keys| self.check_mac(&keys.audit_key).is_ok())
            .ok_or(VaultError::InvalidCredentials)?;
        if self.epoch != clinic_epoch {
            return Err(VaultError::StaleEpoch);
        }
        Ok(Unlocked { identity: Some(identity), ..keys })
    }
}

//! The one table of commands ([`table`]): name, request, answer, and who may call.
//!
//! The TypeScript bindings, the window's permission file and the role tests are all made from it.

mod access;

pub use access::Access;

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $access:expr, ($request:ty) -> $answer:ty $(, progress $progress:ty)?;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Command {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Allowed while a duty waits: what fulfils it, and leaving.
            pub(crate) const fn serves_a_duty(self) -> bool {
                matches!(
                    self,
                    Self::PasswordChange
                        | Self::ProfileRead
                        | Self::SecondFactorPropose
                        | Self::SecondFactorConfirm
                        | Self::RecoveryCodesSave
                        | Self::SessionRead
                        | Self::SessionLock
                        | Self::SessionSignOut
                        | Self::SessionTouch
                )
            }

            /// The name it is called by from the window.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            #[must_use]
            pub const fn access(self) -> Access {
                match self { $(Self::$variant => $access,)+ }
            }
        }

        /// Calls the visitor with the shape of every command, in table order.
        pub(crate) fn visit(visitor: &mut impl ShapeVisitor) {
            $(
                #[allow(unused_mut, unused_assignments)]
                {
                    let mut with_progress = false;
                    $(
                        with_progress = true;
                        visitor.progress::<$progress>();
                    )?
                    visitor.command::<$request, $answer>(
                        $name, concat!($($doc, "\n"),+), with_progress,
                    );
                }
            )+
        }
    };
}

pub(crate) trait ShapeVisitor {
    fn command<Request: ts_rs::TS + 'static, Answer: ts_rs::TS + 'static>(
        &mut self,
        name: &str,
        doc: &str,
        with_progress: bool,
    );
    fn progress<Progress: ts_rs::TS + 'static>(&mut self);
}

mod table;

pub use table::Command;
pub(crate) use table::visit;

#[cfg(test)]
mod tests;

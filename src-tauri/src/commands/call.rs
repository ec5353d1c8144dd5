//! One call of the page, and what a command may ask of it.
//!
//! Tauri's own macros make of every command a task of a type of its own. With three hundred of them that was a tenth
//! of the program; here they are all one boxed future.

use std::pin::Pin;

use clinic::{ErrorCode, Result};
use serde::de::DeserializeOwned;
use tauri::ipc::{
    Channel, CommandArg, CommandItem, InvokeBody, InvokeError, InvokeMessage, InvokeResponseBody,
    IpcResponse, Request,
};
use tauri::{AppHandle, Manager, Runtime, WebviewWindow};

use super::DeskState;

/// What goes back to the page.
pub(super) type Reply = std::result::Result<InvokeResponseBody, InvokeError>;
pub(super) type Answer = Pin<Box<dyn Future<Output = Reply> + Send>>;
pub(super) type Command<R> = fn(Call<R>) -> Answer;

pub(super) struct Call<R: Runtime>(pub(super) InvokeMessage<R>);

impl<R: Runtime> Call<R> {
    pub(super) fn desk(&self) -> Result<DeskState<'_>> {
        Ok(self.0.webview_ref().state())
    }

    pub(super) fn app(&self) -> Result<AppHandle<R>> {
        Ok(self.0.webview_ref().app_handle().clone())
    }

    pub(super) fn window(&self) -> Result<WebviewWindow<R>> {
        self.of_tauri("window")
    }

    /// # Errors
    /// `invalid_input` where it has not the command's shape.
    pub(super) fn request<T: DeserializeOwned>(&self) -> Result<T> {
        let InvokeBody::Json(arguments) = self.0.payload() else {
            return Err(ErrorCode::InvalidInput.into());
        };
        T::deserialize(&arguments["request"]).map_err(|_| ErrorCode::InvalidInput.into())
    }

    pub(super) fn progress<T>(&self) -> Result<Channel<T>> {
        self.of_tauri("progress")
    }

    /// For bytes, which come as they are.
    pub(super) fn raw(&self) -> Result<Request<'_>> {
        self.of_tauri("request")
    }

    fn of_tauri<'a, T: CommandArg<'a, R>>(&'a self, key: &'static str) -> Result<T> {
        let item = CommandItem { plugin: None, name: "", key, message: &self.0, acl: &None };
        T::from_command(item).map_err(|_| ErrorCode::InvalidInput.into())
    }
}

pub(super) fn answer<T: IpcResponse>(done: Result<T>) -> Reply {
    done?.body().map_err(|_| clinic::Error::new(ErrorCode::Internal).into())
}

/// Makes `handler` of commands, each with what it is called with.
macro_rules! commands {
    ($($module:ident::$name:ident($($argument:ident),*),)+) => {
        pub fn handler<R: tauri::Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            let commands: std::collections::HashMap<&'static str, $crate::commands::call::Command<R>> =
                std::collections::HashMap::from([$((
                    stringify!($name),
                    (|call| Box::pin(async move {
                        $crate::commands::call::answer($module::$name($(call.$argument()?),*).await)
                    })) as $crate::commands::call::Command<R>,
                )),+]);
            move |invoke| {
                let Some(command) = commands.get(invoke.message.command()) else { return false };
                invoke.resolver.respond_async_serialized(command($crate::commands::call::Call(invoke.message)));
                true
            }
        }
    };
}
pub(super) use commands;

/** Moves the focus to an element when it appears; the start of a screen or of a form. */
export function focusOnMount(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}

/** Moves the focus to the first field of a form that is marked as wrong. */
export function focusFirstProblem(form: HTMLElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

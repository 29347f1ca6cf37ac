//! Groups the digits of the input as cards print them, 6-6-4, while they are typed.

const NOT_GROUPED = -1;

/** The number of digits before each gap. */
const GAPS = [6, 12];

export function groupWhileTyping(input: HTMLInputElement): void {
  // Only their count: the number must not survive here after it is removed from the input.
  let before = NOT_GROUPED;
  input.addEventListener("input", (event) => {
    const { value } = input;
    const digitsBefore = before;
    before = NOT_GROUPED;
    // Anything else stays as typed, so that the error can be reported.
    if (/^[\d\s.'/-]*$/.test(value)) {
      let caret = digitsOf(value.slice(0, input.selectionStart ?? value.length)).length;
      let digits = digitsOf(value);
      // Only a gap was deleted; the reader meant the digit next to it.
      if (digits.length === digitsBefore) {
        const { inputType } = event as InputEvent;
        if (inputType === "deleteContentBackward" && caret > 0) {
          caret -= 1;
          digits = digits.slice(0, caret) + digits.slice(caret + 1);
        } else if (inputType === "deleteContentForward") {
          digits = digits.slice(0, caret) + digits.slice(caret + 1);
        }
      }
      before = digits.length;
      input.value = grouped(digits);
      const place = caret + GAPS.filter((gap) => gap < caret).length;
      input.setSelectionRange(place, place);
    }
  });
}

/** `3201014107909001` as `320101 410790 9001`. */
export function grouped(digits: string): string {
  return [digits.slice(0, 6), digits.slice(6, 12), digits.slice(12)].filter(Boolean).join(" ");
}

const digitsOf = (text: string): string => text.replace(/\D/g, "");

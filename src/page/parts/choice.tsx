import type { JSX } from 'preact';

/** One choice of several, as a row of buttons. */
export function Choice<Value extends string>({
  label,
  values,
  value,
  onChange,
}: {
  readonly label: string;
  readonly values: readonly (readonly [Value, string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <span class="choice-field">
      <span class="choice-label" aria-hidden="true">
        {label}
      </span>
      <span class="choice" role="group" aria-label={label}>
        {values.map(([each, title]) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === value}
            onClick={() => {
              onChange(each);
            }}
          >
            {title}
          </button>
        ))}
      </span>
    </span>
  );
}

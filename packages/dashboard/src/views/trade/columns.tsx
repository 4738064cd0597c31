import type { ComponentChildren } from "preact";

interface Props {
  /** Where an order stands, or how it has ended. */
  state: string;
  fee: string;
  /** Further columns. */
  children?: ComponentChildren;
}

/** Heads of the columns of conditional orders, those that wait and those that have ended. */
export function Columns({ state, fee, children }: Props) {
  return (
    <thead>
      <tr>
        <th scope="col">Order</th>
        <th scope="col">Size</th>
        <th scope="col" class="text">
          Kind
        </th>
        <th scope="col">Trigger</th>
        <th scope="col" class="text">
          {state}
        </th>
        <th scope="col">{fee}</th>
        {children}
      </tr>
    </thead>
  );
}

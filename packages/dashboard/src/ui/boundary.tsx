/** What goes wrong while a part of the page is drawn takes that part only, and is said in its place. */
import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { Failed } from "./states.tsx";

export function Boundary({ what, children }: { what: string; children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary((error) => console.error(error));
  return error === undefined ? <>{children}</> : <Failed what={what} error={error} retry={reset} verb="shown" />;
}

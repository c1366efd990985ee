// The shapes of docs/developers/http.md, for `tsc --checkJs`.

type Style = "standard" | "easy";

interface Choice {
  id: string;
  label: string;
  picture?: string | null;
}

interface Control extends Choice {
  name: string;
}

interface HelpRow {
  name: string;
  what: string;
  call: string | null;
  text: { to: string; word: string | null } | null;
  web: string | null;
  open: string;
  open_now: boolean;
}

interface Message {
  n: number | null;
  from: "bot" | "me" | "worker";
  kind: "text" | "question" | "safety" | "summary" | "notice";
  text: string;
  at?: string;
  choices?: Choice[];
  many?: boolean;
  controls?: Control[];
  progress?: { at: number; of: number } | null;
  help?: HelpRow[];
  held?: boolean;
  open?: boolean;
  stays_open?: boolean;
}

interface Answer {
  token?: string;
  style?: Style;
  code?: string;
  messages?: Message[];
  error?: string;
  message?: string;
}

interface PageData {
  words: Record<Style, Record<string, string>>;
  embedded: boolean;
  hosts: string[];
  leaveTo: string;
}

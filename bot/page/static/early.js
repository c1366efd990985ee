// Runs before the first paint, so that nothing jumps: says that scripts work, and whether a chat is open in this tab.
document.documentElement.dataset.script = "on";
try {
  if (sessionStorage.getItem("chat")) document.documentElement.dataset.screen = "chat";
} catch {
  // a browser that forbids storage simply starts on the first screen
}

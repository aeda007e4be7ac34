// Addresses are copied by a button beside their field, where there is script.
for (const button of document.querySelectorAll("button[data-copied]")) {
  const field = button.parentElement.querySelector("input");
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      if (!document.execCommand("copy")) return; // it stays selected, to be copied by hand
    }
    status.textContent = button.dataset.copied;
  });
}

// Whoever follows a link to what is folded wants to read it.
for (const part of document.querySelectorAll("details:target")) part.open = true;

"""One function for each thing a person does to a contract: lock, ask the policy, check, write, record one event."""

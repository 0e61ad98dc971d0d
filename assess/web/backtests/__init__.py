"""`/dashboard/simulation/backtests`: a policy tried on the payments that were."""

"""The pages of report slots: today's figures of a unit and those below, to sign, correct, certify and take away."""

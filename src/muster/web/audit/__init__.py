"""The audit's pages: the newest looks and changes, by officer, and the seals to hand to another party."""

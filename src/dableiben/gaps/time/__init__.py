# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dimension time: is somebody open, with room, and can one get there and back, in every hour that is needed?"""
